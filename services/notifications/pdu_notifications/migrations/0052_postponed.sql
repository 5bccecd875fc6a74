-- Postponed, until it is announced again: nobody is reminded of a date that does not hold.
ALTER TABLE learning_event ADD COLUMN postponed boolean NOT NULL DEFAULT false;
