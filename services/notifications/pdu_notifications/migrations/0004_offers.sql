-- A place may be offered, or wait for a yes.
ALTER TABLE booking
    DROP CONSTRAINT booking_state_check,
    ADD CONSTRAINT booking_state CHECK (state IN (
        'confirmed', 'waitlisted', 'offered', 'awaiting_approval', 'cancelled'));
