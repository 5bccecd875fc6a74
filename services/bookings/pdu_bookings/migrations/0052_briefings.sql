-- Whoever agreed that their manager hears of what they came to, for one booking each time.
CREATE TABLE manager_told (
    booking_id      uuid        PRIMARY KEY REFERENCES booking,
    name            text        NOT NULL,     -- theirs, as the manager reads it
    manager_id      uuid        NOT NULL,
    manager_name    text        NOT NULL,
    manager_address text        NOT NULL,
    plans           text,                     -- what they want to do with it, in their words
    agreed_at       timestamptz NOT NULL
);
CREATE INDEX manager_told_manager ON manager_told (manager_id);

-- Who decides about services, and gets briefings of learning events.
CREATE TABLE briefing_reader (
    reader_id    uuid        PRIMARY KEY,
    person_id    uuid        NOT NULL UNIQUE,
    name         text        NOT NULL,
    address      text        NOT NULL,
    role         text        NOT NULL CHECK (role IN ('councillor', 'officer', 'commissioner', 'other')),
    workstreams  text[]      NOT NULL,        -- none for all
    added_at     timestamptz NOT NULL
);

-- One briefing of a learning event: what came of it, in sentences that name nobody.
CREATE TABLE briefing (
    learning_event_id uuid        PRIMARY KEY REFERENCES learning_event,
    points            text[]      NOT NULL,
    readers           integer     NOT NULL,
    issued_at         timestamptz NOT NULL
);
