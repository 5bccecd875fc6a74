-- The community or series that a learning event belongs to.
ALTER TABLE learning_event ADD COLUMN series text;

-- What records of the past say of some: that they did not take place.
ALTER TABLE learning_event DROP CONSTRAINT learning_event_state_check;
ALTER TABLE learning_event ADD CONSTRAINT learning_event_state_check
    CHECK (state IN ('draft', 'published', 'cancelled'));

-- What stands of a person is looked up by attendance.
CREATE INDEX entry_of_attendance ON attendance_entry (attendance_id);
