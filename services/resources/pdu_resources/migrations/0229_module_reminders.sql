-- A member who asked to be reminded of a module, and when. Nobody is reminded without asking.
CREATE TABLE module_reminder (
    reminder_id uuid NOT NULL UNIQUE,
    module_id   uuid NOT NULL REFERENCES module,
    person_id   uuid NOT NULL,
    remind_on   date NOT NULL,
    PRIMARY KEY (person_id, module_id)
);
