-- The outcomes map: whom the unit works with to influence change, and how one would see it.
CREATE TABLE boundary_partner (
    partner_id      uuid   PRIMARY KEY,
    partner         code   NOT NULL UNIQUE,
    label           text   NOT NULL CHECK (label <> ''),
    kind            text   NOT NULL CHECK (kind IN ('direct', 'indirect')),
    reached_through text[] NOT NULL,
    outcome         text   NOT NULL CHECK (outcome <> ''),
    mechanism       text   NOT NULL CHECK (mechanism <> ''),
    valid_from      date   NOT NULL,
    valid_to        date   CHECK (valid_to >= valid_from),
    CHECK ((kind = 'indirect') = (cardinality(reached_through) > 0))
);
CREATE TABLE progress_marker (
    marker_id  uuid     PRIMARY KEY,
    partner_id uuid     NOT NULL REFERENCES boundary_partner,
    level      text     NOT NULL CHECK (level IN ('expect_to_see', 'like_to_see', 'love_to_see')),
    wording    text     NOT NULL CHECK (wording <> ''),
    place      smallint NOT NULL,
    retired    boolean  NOT NULL DEFAULT false,
    UNIQUE (partner_id, wording)
);
CREATE TABLE marker_observation (
    observation_id uuid    PRIMARY KEY,
    marker_id      uuid    NOT NULL REFERENCES progress_marker,
    seen           boolean NOT NULL,
    evidence       text    NOT NULL,
    note           text,
    observed_on    date    NOT NULL
);
CREATE INDEX marker_observation_marker ON marker_observation (marker_id);

CREATE TABLE strategic_influence (
    influence_id uuid    PRIMARY KEY,
    forum        code    NOT NULL,
    strategy     code    NOT NULL,
    contribution text    NOT NULL CHECK (contribution <> ''),
    result       text,
    influenced   boolean,
    happened_on  date    NOT NULL,
    version      integer NOT NULL CHECK (version > 0)
);

-- What organisations count themselves, a number for each period.
CREATE TABLE indicator_report (
    report_id       uuid        PRIMARY KEY,
    organisation_id uuid        NOT NULL,
    organisation    text        NOT NULL CHECK (organisation <> ''),
    indicator       text        NOT NULL,
    series          code        NOT NULL,
    period_from     date        NOT NULL,
    period_to       date        NOT NULL CHECK (period_to >= period_from),
    numerator       integer     NOT NULL CHECK (numerator >= 0),
    denominator     integer     CHECK (denominator >= numerator AND denominator > 0),
    reported_at     timestamptz NOT NULL,
    UNIQUE (organisation_id, series, period_from)
);

CREATE TABLE pledge (
    code    code    PRIMARY KEY,
    wording text    NOT NULL CHECK (wording <> ''),
    retired boolean NOT NULL DEFAULT false
);
CREATE TABLE pledge_adoption (
    adoption_id     uuid PRIMARY KEY,
    pledge          code NOT NULL REFERENCES pledge,
    organisation_id uuid NOT NULL,
    organisation    text NOT NULL CHECK (organisation <> ''),
    state           text NOT NULL CHECK (state IN (
        'intended', 'reminded', 'done', 'partly', 'not_done', 'no_answer')),
    adopted_on      date NOT NULL,
    UNIQUE (pledge, organisation_id)
);

CREATE TABLE evaluation_activity (
    evaluation_id      uuid    PRIMARY KEY,
    method             text    NOT NULL,
    participants_count integer NOT NULL CHECK (participants_count >= 0),
    starts_on          date    NOT NULL,
    ends_on            date    NOT NULL CHECK (ends_on >= starts_on),
    note               text
);
