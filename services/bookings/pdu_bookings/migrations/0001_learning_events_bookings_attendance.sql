CREATE TABLE learning_event (
    learning_event_id uuid        PRIMARY KEY,
    title             text        NOT NULL,
    kind              text        NOT NULL,
    event_type        text        NOT NULL,
    purpose           text        NOT NULL,
    level             text        NOT NULL,
    workstreams       text[]      NOT NULL,
    audience          text[]      NOT NULL,
    state             text        NOT NULL CHECK (state IN ('draft', 'published')),
    announced_at      timestamptz NOT NULL,
    published_at      timestamptz CHECK ((state = 'draft') = (published_at IS NULL))
);

-- Capacity and waiting list belong to the session. `taken` is written under the row's lock, and
-- the constraint makes overselling impossible even if somebody forgets the lock.
CREATE TABLE session (
    session_id        uuid        PRIMARY KEY,
    learning_event_id uuid        NOT NULL REFERENCES learning_event,
    starts_at         timestamptz NOT NULL,
    ends_at           timestamptz NOT NULL,
    starts_local      timestamp   NOT NULL,
    ends_local        timestamp   NOT NULL,
    tz                text        NOT NULL,
    mode              text        NOT NULL,
    place             text        NOT NULL,
    capacity          integer     NOT NULL CHECK (capacity > 0),
    taken             integer     NOT NULL DEFAULT 0,
    waiting           integer     NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    held_at           timestamptz,
    CONSTRAINT session_is_never_oversold CHECK (taken BETWEEN 0 AND capacity),
    CHECK (ends_at > starts_at)
) WITH (fillfactor = 50);
CREATE INDEX session_of_event ON session (learning_event_id);
CREATE INDEX session_by_start ON session (starts_at);

CREATE TABLE booking (
    booking_id        uuid        PRIMARY KEY,
    learning_event_id uuid        NOT NULL REFERENCES learning_event,
    person_id         uuid        NOT NULL,
    state             text        NOT NULL CHECK (state IN ('confirmed', 'waitlisted', 'cancelled')),
    organisation      text,
    organisation_id   uuid,
    sector            text        NOT NULL,
    work_field        text        NOT NULL,
    role_level        text        NOT NULL,
    area              text        NOT NULL,
    heard_about       text,
    booked_at         timestamptz NOT NULL,
    cancelled_at      timestamptz CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX one_active_booking ON booking (learning_event_id, person_id)
    WHERE state <> 'cancelled';
CREATE INDEX waiting_list ON booking (learning_event_id, booking_id) WHERE state = 'waitlisted';

-- What a booking gives in each session.
CREATE TABLE place (
    booking_id uuid NOT NULL REFERENCES booking,
    session_id uuid NOT NULL REFERENCES session,
    person_id  uuid NOT NULL,
    state      text NOT NULL CHECK (state IN ('confirmed', 'waitlisted', 'cancelled')),
    PRIMARY KEY (booking_id, session_id)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX one_active_place ON place (session_id, person_id) WHERE state <> 'cancelled';

-- Who to reach about a booking. Purged 28 days after the last session.
CREATE TABLE contact (
    booking_id uuid PRIMARY KEY REFERENCES booking,
    name       text NOT NULL,
    address    text NOT NULL,
    purge_on   date NOT NULL
);
CREATE INDEX contact_to_purge ON contact (purge_on);

-- A person at a session, as they were at the time; without a booking for somebody who walked in.
CREATE TABLE attendance (
    attendance_id   uuid PRIMARY KEY,
    session_id      uuid NOT NULL REFERENCES session,
    person_id       uuid NOT NULL,
    booking_id      uuid REFERENCES booking,
    organisation_id uuid,
    sector          text NOT NULL,
    work_field      text NOT NULL,
    role_level      text NOT NULL,
    area            text NOT NULL,
    UNIQUE (session_id, person_id)
);

-- What became of them. Entries are only ever added: a correction supersedes an earlier one.
CREATE TABLE attendance_entry (
    entry_id         uuid        PRIMARY KEY,
    attendance_id    uuid        NOT NULL REFERENCES attendance,
    state            text        NOT NULL CHECK (state IN ('present', 'partial', 'absent_apologies',
                                                           'absent_no_show')),
    method           text        NOT NULL,
    recorded_by_role text        NOT NULL,
    recorded_at      timestamptz NOT NULL,
    supersedes       uuid        UNIQUE REFERENCES attendance_entry
);
CREATE UNIQUE INDEX one_first_entry ON attendance_entry (attendance_id) WHERE supersedes IS NULL;

-- The words of lists that another service owns, as far as they have been told.
CREATE TABLE category (
    scheme text NOT NULL,
    code   text NOT NULL,
    PRIMARY KEY (scheme, code)
);
