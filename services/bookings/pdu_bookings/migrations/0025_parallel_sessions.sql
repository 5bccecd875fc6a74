-- Sessions of one learning event that carry the same word are at the same time: whoever books
-- chooses one of them.
ALTER TABLE session ADD COLUMN parallel text;

-- Who chose among parallel sessions waits in the longest of their lines.
CREATE OR REPLACE FUNCTION waiting_position(one booking) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN one.state = 'waitlisted' THEN coalesce(
        (SELECT max(line.position)
           FROM (SELECT count(*) AS position
                   FROM place AS mine
                   JOIN session USING (session_id)
                   JOIN place AS theirs USING (session_id)
                   JOIN booking AS other ON other.booking_id = theirs.booking_id
                  WHERE mine.booking_id = one.booking_id
                    AND session.parallel IS NOT NULL
                    AND other.state = 'waitlisted'
                    AND (other.priority, other.turn) <= (one.priority, one.turn)
                  GROUP BY session_id) AS line),
        (SELECT count(*)
           FROM booking AS other
          WHERE other.learning_event_id = one.learning_event_id
            AND other.state = 'waitlisted'
            AND other.attending IS NOT DISTINCT FROM one.attending
            AND (other.priority, other.turn) <= (one.priority, one.turn))) END
$$;
