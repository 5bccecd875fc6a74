-- How often a session was moved: calendars take a new date only from a newer entry.
ALTER TABLE session ADD COLUMN revision integer NOT NULL DEFAULT 0;
CREATE INDEX booking_of_event ON booking (learning_event_id);
CREATE INDEX session_of_event ON session (learning_event_id);
CREATE INDEX due_for_session ON due (session_id);

-- Whose event it is, and who takes part, stands in each letter about it.
ALTER TABLE learning_event
    ADD COLUMN partners text[] NOT NULL DEFAULT '{}',
    ADD COLUMN lived_experience_planned boolean NOT NULL DEFAULT false;
