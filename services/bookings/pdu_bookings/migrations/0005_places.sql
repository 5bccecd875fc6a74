-- Some learning events want a yes for each who asks; until it is given, the place is kept.
ALTER TABLE learning_event ADD COLUMN approval boolean NOT NULL DEFAULT false;

-- Places kept for people of one sector or work field, until a moment. `filled` are those of them
-- that somebody has; what is left of all of them is counted in `session.held`.
CREATE TABLE held_places (
    hold_id           uuid        PRIMARY KEY,
    learning_event_id uuid        NOT NULL REFERENCES learning_event,
    scheme            text        NOT NULL CHECK (scheme IN ('sector', 'work_field')),
    code              text        NOT NULL,
    places            integer     NOT NULL CHECK (places >= 0),
    filled            integer     NOT NULL DEFAULT 0,
    until             timestamptz NOT NULL,
    released_at       timestamptz,
    CONSTRAINT no_more_than_held CHECK (filled BETWEEN 0 AND places)
);
CREATE UNIQUE INDEX one_hold_for_each ON held_places (learning_event_id, scheme, code)
    WHERE released_at IS NULL;
CREATE INDEX hold_to_release ON held_places (until) WHERE released_at IS NULL;

-- What is left of held places counts like places taken: nobody else gets them. The online places
-- of a hybrid session are counted apart, and people wait for them in a line of their own.
ALTER TABLE session
    ADD COLUMN held integer NOT NULL DEFAULT 0 CHECK (held >= 0),
    ADD COLUMN online_taken integer NOT NULL DEFAULT 0,
    ADD COLUMN online_waiting integer NOT NULL DEFAULT 0 CHECK (online_waiting >= 0),
    DROP CONSTRAINT session_is_never_oversold,
    ADD CONSTRAINT session_is_never_oversold CHECK (taken >= 0 AND taken + held <= capacity),
    ADD CONSTRAINT session_is_never_oversold_online CHECK (
        online_taken BETWEEN 0 AND coalesce(online_capacity, 0));

-- An offer keeps a place until it ends. Who waits is served by priority (0: put first by a
-- coordinator), then by the time of asking. `kept_as` is the person that ours turned out to be.
ALTER TABLE booking
    ADD COLUMN offer_expires_at timestamptz,
    ADD COLUMN attending text CHECK (attending IN ('in_person', 'online')),
    ADD COLUMN priority smallint NOT NULL DEFAULT 1,
    ADD COLUMN hold_id uuid REFERENCES held_places,
    ADD COLUMN kept_as uuid,
    ADD COLUMN end_reason text,
    ADD CONSTRAINT offer_ends CHECK ((state = 'offered') = (offer_expires_at IS NOT NULL)),
    ADD CONSTRAINT waiting_holds_nothing CHECK (state <> 'waitlisted' OR hold_id IS NULL);
DROP INDEX waiting_list;
CREATE INDEX waiting_list ON booking (learning_event_id, priority, booking_id)
    WHERE state = 'waitlisted';
CREATE INDEX offer_to_expire ON booking (offer_expires_at) WHERE state = 'offered';
DROP INDEX one_active_booking;
CREATE UNIQUE INDEX one_active_booking
    ON booking (learning_event_id, (coalesce(kept_as, person_id))) WHERE active;

-- The position of one who waits in their line; null for everybody else.
CREATE FUNCTION waiting_position(one booking) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN one.state = 'waitlisted' THEN
        (SELECT count(*)
           FROM booking AS other
          WHERE other.learning_event_id = one.learning_event_id
            AND other.state = 'waitlisted'
            AND other.attending IS NOT DISTINCT FROM one.attending
            AND (other.priority, other.booking_id) <= (one.priority, one.booking_id)) END
$$;

-- People whom a coordinator put first, and who did it.
CREATE TABLE put_first (
    booking_id uuid        NOT NULL REFERENCES booking,
    role       text        NOT NULL,
    person_id  uuid,
    put_at     timestamptz NOT NULL,
    PRIMARY KEY (booking_id, put_at)
);

-- Ids that turned out to be one person: what is said of one is about the kept one.
CREATE TABLE person_alias (
    merged_id uuid PRIMARY KEY,
    kept_id   uuid NOT NULL CHECK (kept_id <> merged_id)
);
CREATE INDEX alias_of ON person_alias (kept_id);
