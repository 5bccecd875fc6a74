-- Who paid for the unit, and when. They do not overlap, so that every day has one at most.
CREATE TABLE programme_period (
    programme_period_id uuid        PRIMARY KEY,
    code                code        NOT NULL UNIQUE,
    label               text        NOT NULL CHECK (label <> ''),
    starts_on           date        NOT NULL,
    ends_on             date        CHECK (ends_on >= starts_on),
    changed_at          timestamptz NOT NULL,
    CONSTRAINT one_programme_a_day EXCLUDE USING gist (
        daterange(starts_on, ends_on, '[]') WITH &&)
);
