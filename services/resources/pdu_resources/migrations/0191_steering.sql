-- Who sits in the steering group, for whom, and for how long. The name goes a year after the term.
-- What a seat is for is known here; no message says who sits on one for lived experience.
CREATE TABLE seat (
    seat_id         uuid        PRIMARY KEY,
    kind            text        NOT NULL CHECK (kind IN (
        'organisation', 'lived_experience', 'pdu_staff', 'independent')),
    person_id       uuid,
    name            text        CHECK (name <> ''),
    listed          boolean     NOT NULL,          -- whether the others may read the name
    organisation_id uuid,
    organisation    text,
    sector          code        REFERENCES sector,
    role_level      code        REFERENCES role_level,
    chairs          boolean     NOT NULL,
    starts_on       date        NOT NULL,
    ends_on         date        CHECK (ends_on >= starts_on),
    version         integer     NOT NULL CHECK (version > 0),
    changed_at      timestamptz NOT NULL,
    CHECK ((organisation IS NULL) = (organisation_id IS NULL)),
    CHECK (kind <> 'organisation' OR organisation IS NOT NULL)
);
CREATE UNIQUE INDEX seat_one_open_term ON seat (person_id) WHERE ends_on IS NULL;
CREATE INDEX seat_term ON seat (starts_on, ends_on);

CREATE TABLE steering_meeting (
    meeting_id uuid        PRIMARY KEY,
    title      text        NOT NULL CHECK (title <> ''),
    meets_on   date        NOT NULL,
    place      text,
    papers     jsonb       NOT NULL,               -- title and web address of each
    state      text        NOT NULL CHECK (state IN ('planned', 'held', 'cancelled')),
    version    integer     NOT NULL CHECK (version > 0),
    changed_at timestamptz NOT NULL
);
CREATE INDEX steering_meeting_listed ON steering_meeting (meets_on, meeting_id);

-- Whoever had a seat on the day and has no row here was absent.
CREATE TABLE steering_attendance (
    meeting_id uuid NOT NULL REFERENCES steering_meeting,
    seat_id    uuid NOT NULL REFERENCES seat,
    state      text NOT NULL CHECK (state IN ('present', 'apologies')),
    PRIMARY KEY (meeting_id, seat_id)
);
CREATE INDEX steering_attendance_of ON steering_attendance (seat_id);

-- Who looked at names that are not listed. Stays when the names are forgotten.
CREATE TABLE steering_read (
    read_id uuid        PRIMARY KEY,
    reader  uuid,
    read_at timestamptz NOT NULL
);
