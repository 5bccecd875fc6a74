-- The secret address of somebody's own calendar. A new one makes the one before it worthless.
CREATE TABLE calendar_feed (
    person_id uuid        PRIMARY KEY,
    feed_id   uuid        NOT NULL UNIQUE,
    made_at   timestamptz NOT NULL
);

-- What became void is looked for by person; what stands is found by learning event and person.
CREATE INDEX ended_booking_of_person ON booking ((coalesce(kept_as, person_id)))
    WHERE NOT active;
