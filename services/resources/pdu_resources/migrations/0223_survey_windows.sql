-- Who came in a time can be asked: the day of what was heard before is that of the event's last
-- session, where that is known.
UPDATE attendance
   SET held_on = held.last_on
  FROM (SELECT learning_event_id, max((starts_at AT TIME ZONE 'Europe/London')::date) AS last_on
          FROM hub_session
         GROUP BY learning_event_id) AS held
 WHERE attendance.learning_event_id = held.learning_event_id AND attendance.held_on IS NULL;
CREATE INDEX attendance_held ON attendance (held_on) WHERE came;
