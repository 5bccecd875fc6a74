-- Learning events and their sessions as bookings tells them, those of the past among them: what
-- the hub shows as coming, and what materials and recordings belong to.
CREATE TABLE hub_event (
    learning_event_id uuid    PRIMARY KEY,
    kind              text    NOT NULL,
    title             text    NOT NULL,
    purpose           text    NOT NULL,
    event_type        text    NOT NULL,
    level             text    NOT NULL,
    workstreams       text[]  NOT NULL,
    access_tier       text,
    state             text    NOT NULL DEFAULT 'published'
        CHECK (state IN ('published', 'postponed', 'cancelled'))
);

CREATE TABLE hub_session (
    session_id        uuid        PRIMARY KEY,
    learning_event_id uuid        NOT NULL,
    starts_at         timestamptz NOT NULL,
    ends_at           timestamptz NOT NULL,
    mode              text        NOT NULL,
    place             text        NOT NULL,
    out_of_hours      boolean
);
CREATE INDEX hub_session_starts ON hub_session (starts_at);
CREATE INDEX hub_session_event ON hub_session (learning_event_id);

-- Who speaks where, by the id of their assignment, and whether they agreed to be recorded.
CREATE TABLE hub_speaker (
    assignment_id     uuid    PRIMARY KEY,
    session_id        uuid    NOT NULL,
    learning_event_id uuid    NOT NULL,
    confirmed         boolean NOT NULL DEFAULT false,
    consent           text
);
CREATE INDEX hub_speaker_session ON hub_speaker (session_id);

-- What people asked to learn about, as bookings tells it: a work stream, and how many stand behind.
CREATE TABLE hub_topic (
    topic_id   uuid        PRIMARY KEY,
    workstream text,
    backers    integer     NOT NULL DEFAULT 0,
    decided    boolean     NOT NULL DEFAULT false,
    asked_on   date        NOT NULL
);

CREATE TABLE library_file (
    file_id     uuid        PRIMARY KEY,
    item_id     uuid        NOT NULL REFERENCES library_item,
    name        text        NOT NULL CHECK (name <> ''),
    role        text        NOT NULL CHECK (role IN (
        'original', 'alternative', 'captions', 'transcript', 'picture')),
    media_type  text        NOT NULL,
    bytes       bigint      NOT NULL CHECK (bytes > 0),
    sha256      bytea       NOT NULL,
    language    text,
    alt_text    text,
    said        text        NOT NULL DEFAULT '',  -- of captions and transcripts, to be searched
    stored_as   text        NOT NULL UNIQUE,
    uploaded_by uuid,
    uploaded_at timestamptz NOT NULL,
    UNIQUE (item_id, name)
);

-- What is stored and belongs to nothing any more, or does not belong to anything yet.
CREATE TABLE library_leftover (
    stored_as text        PRIMARY KEY,
    since     timestamptz NOT NULL
);
