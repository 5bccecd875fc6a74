-- How to reach people. The newest word wins; told_by is the message, and grows with time.
CREATE TABLE contact_point (
    person_id uuid    PRIMARY KEY,
    address   text    NOT NULL CHECK (address <> ''),
    name      text    NOT NULL,
    verified  boolean NOT NULL,
    told_by   uuid    NOT NULL
);

-- The token with which somebody manages one booking: in the letter, and nowhere else.
CREATE TABLE booking_link (
    booking_id uuid PRIMARY KEY,
    token      text NOT NULL CHECK (token <> '')
);

-- Copies of what bookings told, as far as letters need it.
CREATE TABLE learning_event (
    learning_event_id uuid PRIMARY KEY,
    title             text NOT NULL,
    purpose           text NOT NULL
);

CREATE TABLE session (
    session_id        uuid        PRIMARY KEY,
    learning_event_id uuid        NOT NULL,
    starts_at         timestamptz NOT NULL,
    ends_at           timestamptz NOT NULL,
    tz                text        NOT NULL,
    mode              text        NOT NULL,
    place             text        NOT NULL
);

CREATE TABLE booking (
    booking_id        uuid    PRIMARY KEY,
    learning_event_id uuid    NOT NULL,
    person_id         uuid    NOT NULL,
    session_ids       uuid[]  NOT NULL,
    state             text    NOT NULL CHECK (state IN ('confirmed', 'waitlisted', 'cancelled')),
    was_confirmed     boolean NOT NULL
);

-- Letters, as composed: without the name and the address, which are looked up when one is sent.
CREATE TABLE letter (
    letter_id      uuid        PRIMARY KEY,
    key            text        NOT NULL UNIQUE,   -- kind:about:offset, one letter for each
    kind           text        NOT NULL,
    person_id      uuid        NOT NULL,
    related_id     uuid        NOT NULL,          -- the booking it is about
    content        text        NOT NULL,
    needs_link     boolean     NOT NULL,          -- to its booking
    while_booking  text,                          -- it goes out only while its booking is this
    expires_at     timestamptz,
    repeatable     boolean     NOT NULL,          -- whether doubt is resolved by sending it again
    correlation_id uuid        NOT NULL,
    causation_id   uuid,
    state          text        NOT NULL CHECK (state IN (
        'queued', 'sending', 'in_doubt', 'sent', 'deferred', 'bounced', 'failed', 'suppressed',
        'held', 'expired', 'cancelled')),
    reason         text,
    attempt        integer     NOT NULL DEFAULT 0,
    next_at        timestamptz NOT NULL,          -- when to look at it again: due, or lease over
    posted_at      timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL
);
CREATE INDEX letter_to_look_at ON letter (next_at)
    WHERE state IN ('queued', 'sending', 'in_doubt', 'deferred');
CREATE INDEX letter_waiting_for_person ON letter (person_id) WHERE state = 'queued';

-- Everything that is planned, with its reason.
CREATE TABLE due (
    key            text        PRIMARY KEY,       -- the key of the letter it will become
    kind           text        NOT NULL,
    booking_id     uuid        NOT NULL,
    session_id     uuid        NOT NULL,
    due_at         timestamptz NOT NULL,
    reason         text        NOT NULL,
    correlation_id uuid        NOT NULL,
    causation_id   uuid
);
CREATE INDEX due_next ON due (due_at);
CREATE INDEX due_booking ON due (booking_id);
