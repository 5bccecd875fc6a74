-- A booking is active while it holds a place, or may come to hold one; then it has ended, in one of
-- several ways that figures and letters tell apart.
DROP INDEX one_active_booking;
DROP INDEX one_active_place;
DROP INDEX waiting_list;
ALTER TABLE booking DROP CONSTRAINT booking_state_check, DROP CONSTRAINT booking_check;
ALTER TABLE place DROP CONSTRAINT place_state_check;
UPDATE booking SET state = 'cancelled_by_person' WHERE state = 'cancelled';
UPDATE place SET state = 'cancelled_by_person' WHERE state = 'cancelled';

ALTER TABLE booking RENAME COLUMN cancelled_at TO ended_at;
ALTER TABLE booking
    ADD COLUMN active boolean NOT NULL GENERATED ALWAYS AS
        (state IN ('confirmed', 'waitlisted', 'offered', 'awaiting_approval')) STORED,
    ADD CONSTRAINT booking_state CHECK (state IN (
        'confirmed', 'waitlisted', 'offered', 'awaiting_approval', 'cancelled_by_person',
        'cancelled_late', 'cancelled_by_pdu', 'declined', 'offer_declined', 'offer_expired')),
    ADD CONSTRAINT booking_ends_once CHECK (active = (ended_at IS NULL));
ALTER TABLE place
    ADD COLUMN active boolean NOT NULL GENERATED ALWAYS AS
        (state IN ('confirmed', 'waitlisted', 'offered', 'awaiting_approval')) STORED;

CREATE UNIQUE INDEX one_active_booking ON booking (learning_event_id, person_id) WHERE active;
CREATE UNIQUE INDEX one_active_place ON place (session_id, person_id) WHERE active;
CREATE INDEX waiting_list ON booking (learning_event_id, booking_id) WHERE state = 'waitlisted';
