-- What somebody would like to learn about. `text` is as they wrote it and never leaves; `wording` is
-- what a coordinator made of it for everybody. Who suggested it is not kept with it.
CREATE TABLE topic (
    topic_id          uuid        PRIMARY KEY,
    text              text        NOT NULL,
    source            text        NOT NULL,
    text_id           uuid        UNIQUE,       -- the survey answer that it was taken from
    workstream        text,
    wording           text,
    state             text        NOT NULL CHECK (state IN (
        'received', 'merged', 'backed', 'planned', 'scheduled', 'declined_with_reason',
        'answered')),
    merged_into       uuid        REFERENCES topic CHECK (merged_into <> topic_id),
    learning_event_id uuid        REFERENCES learning_event,
    reason            text,
    answer            text,
    suggested_at      timestamptz NOT NULL,
    CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
    CHECK (state <> 'scheduled' OR learning_event_id IS NOT NULL),
    CHECK (state <> 'declined_with_reason' OR reason IS NOT NULL),
    CHECK ((state = 'answered') = (answer IS NOT NULL))
);
CREATE INDEX topic_merged ON topic (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE topic_backer (
    topic_id  uuid        NOT NULL REFERENCES topic,
    person_id uuid        NOT NULL,
    backed_at timestamptz NOT NULL,
    PRIMARY KEY (topic_id, person_id)
);

-- Who wants to be told what becomes of it. Gone 28 days after the answer.
CREATE TABLE topic_contact (
    topic_id  uuid PRIMARY KEY REFERENCES topic,
    person_id uuid NOT NULL,
    name      text NOT NULL,
    address   text NOT NULL,
    purge_on  date NOT NULL
);
CREATE INDEX topic_contact_to_purge ON topic_contact (purge_on);

-- Somebody offers to speak or to facilitate; who, and in which words, stands apart and is forgotten.
CREATE TABLE speaker_offer (
    offer_id        uuid        PRIMARY KEY,
    role            text        NOT NULL,
    workstreams     text[]      NOT NULL,
    organisation_id uuid,
    state           text        NOT NULL CHECK (state IN (
        'received', 'shortlisted', 'matched', 'declined', 'answered')),
    offered_at      timestamptz NOT NULL
);
CREATE TABLE speaker_offer_contact (
    offer_id     uuid PRIMARY KEY REFERENCES speaker_offer,
    person_id    uuid NOT NULL,
    name         text NOT NULL,
    address      text NOT NULL,
    organisation text,
    offer        text NOT NULL,
    purge_on     date NOT NULL
);
CREATE INDEX speaker_offer_contact_to_purge ON speaker_offer_contact (purge_on);

-- A person who speaks at a session, or runs it.
CREATE TABLE assignment (
    assignment_id      uuid        PRIMARY KEY,
    session_id         uuid        NOT NULL REFERENCES session,
    person_id          uuid        NOT NULL,
    offer_id           uuid        REFERENCES speaker_offer,
    role               text        NOT NULL,
    organisation       text,
    organisation_id    uuid,
    state              text        NOT NULL CHECK (state IN ('invited', 'confirmed', 'withdrawn')),
    published_name     text        CHECK (published_name IS NULL OR state = 'confirmed'),
    recording_consent  text        NOT NULL CHECK (recording_consent IN (
        'asked', 'given', 'refused', 'withdrawn')),
    brief_acknowledged integer,    -- the version of the brief that they have read
    invited_at         timestamptz NOT NULL
);
CREATE UNIQUE INDEX one_active_assignment ON assignment (session_id, person_id)
    WHERE state <> 'withdrawn';

CREATE TABLE assignment_contact (
    assignment_id uuid PRIMARY KEY REFERENCES assignment,
    name          text NOT NULL,
    address       text NOT NULL,
    purge_on      date NOT NULL
);
CREATE INDEX assignment_contact_to_purge ON assignment_contact (purge_on);

-- What those who run a learning event should know besides what everybody reads about it.
CREATE TABLE brief (
    learning_event_id uuid        NOT NULL REFERENCES learning_event,
    version           integer     NOT NULL CHECK (version > 0),
    text              text        NOT NULL,
    written_at        timestamptz NOT NULL,
    PRIMARY KEY (learning_event_id, version)
);

-- What somebody was troubled by at a session, and what was done about it. Nobody reads it unseen.
CREATE TABLE concern (
    concern_id uuid        PRIMARY KEY,
    session_id uuid        NOT NULL REFERENCES session,
    kind       text        NOT NULL,
    text       text        NOT NULL,
    person_id  uuid,                              -- None for whoever does not want to be named
    raised_at  timestamptz NOT NULL,
    closed_at  timestamptz,
    outcome    text,
    CHECK ((closed_at IS NULL) = (outcome IS NULL))
);
CREATE TABLE concern_action (
    action_id  uuid        PRIMARY KEY,
    concern_id uuid        NOT NULL REFERENCES concern ON DELETE CASCADE,
    action     text        NOT NULL,
    taken_by   uuid        NOT NULL,
    taken_at   timestamptz NOT NULL
);
CREATE INDEX action_of_concern ON concern_action (concern_id);
-- Stays when the concern itself is forgotten.
CREATE TABLE concern_reading (
    concern_id uuid        NOT NULL,
    read_by    uuid        NOT NULL,
    role       text        NOT NULL,
    read_at    timestamptz NOT NULL
);
