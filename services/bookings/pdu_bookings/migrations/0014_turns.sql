-- Whose turn it is follows from the order in which bookings were written under the lock of their
-- sessions, not from the clocks of the copies of the service that wrote them.
ALTER TABLE booking ADD COLUMN turn bigint GENERATED ALWAYS AS IDENTITY;
DROP INDEX waiting_list;
CREATE INDEX waiting_list ON booking (learning_event_id, priority, turn)
    WHERE state = 'waitlisted';

CREATE OR REPLACE FUNCTION waiting_position(one booking) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN one.state = 'waitlisted' THEN
        (SELECT count(*)
           FROM booking AS other
          WHERE other.learning_event_id = one.learning_event_id
            AND other.state = 'waitlisted'
            AND other.attending IS NOT DISTINCT FROM one.attending
            AND (other.priority, other.turn) <= (one.priority, one.turn)) END
$$;
