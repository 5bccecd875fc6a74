-- Of which module somebody asked to be reminded.
CREATE TABLE module_wish (
    reminder_id uuid PRIMARY KEY,
    person_id   uuid NOT NULL,
    module_key  text NOT NULL,
    title       text NOT NULL
);
