-- Everything that is planned, for whoever it is: about a booking, a learning event, an engagement …
ALTER TABLE due RENAME COLUMN booking_id TO related_id;
ALTER TABLE due ALTER COLUMN session_id DROP NOT NULL;
ALTER TABLE due ADD COLUMN person_id uuid;
UPDATE due SET person_id = booking.person_id FROM booking WHERE booking.booking_id = due.related_id;
DELETE FROM due WHERE person_id IS NULL;
ALTER TABLE due ALTER COLUMN person_id SET NOT NULL;
ALTER INDEX due_booking RENAME TO due_about;
CREATE INDEX due_for_person ON due (person_id);

-- Somebody without an e-mail address is not written to: who booked for them tells them.
ALTER TABLE booking ADD COLUMN reachable boolean NOT NULL DEFAULT true;
