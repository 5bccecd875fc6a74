-- What an organisation promises for a project year.
CREATE TABLE commitment (
    commitment_id   uuid        PRIMARY KEY,
    organisation_id uuid        NOT NULL,
    organisation    text        NOT NULL CHECK (organisation <> ''),
    kind            text        NOT NULL CHECK (kind IN ('send_staff', 'name_topics')),
    project_year    code        NOT NULL REFERENCES project_year,
    promised        integer     NOT NULL CHECK (promised BETWEEN 1 AND 10000),
    made_on         date        NOT NULL,
    state           text        NOT NULL CHECK (state IN (
        'intended', 'reminded', 'done', 'partly', 'not_done', 'no_answer')),
    note            text,
    reviewed_on     date,
    version         integer     NOT NULL CHECK (version > 0),
    changed_at      timestamptz NOT NULL,
    UNIQUE (organisation_id, kind, project_year)
);

-- Who came for which organisation, as bookings told it: our own copy, to count what was kept.
CREATE TABLE organisation_attendance (
    attendance_id   uuid    PRIMARY KEY,
    organisation_id uuid    NOT NULL,
    person_id       uuid    NOT NULL,
    came            boolean NOT NULL,
    held_on         date    NOT NULL
);
CREATE INDEX organisation_attendance_came
    ON organisation_attendance (organisation_id, held_on) WHERE came;

-- Topics that bookings told of, and which of them an organisation has named.
CREATE TABLE told_topic (
    topic_id uuid PRIMARY KEY,
    decision text
);
CREATE TABLE commitment_topic (
    commitment_id uuid NOT NULL REFERENCES commitment,
    topic_id      uuid NOT NULL REFERENCES told_topic,
    named_on      date NOT NULL,
    PRIMARY KEY (commitment_id, topic_id)
);
