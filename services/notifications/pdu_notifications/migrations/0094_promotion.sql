-- An issue may be for people of some sectors or fields of work only, as they booked.
ALTER TABLE booking
    ADD COLUMN sector     text,
    ADD COLUMN work_field text;
ALTER TABLE bulletin_issue
    ADD COLUMN sectors     text[] NOT NULL DEFAULT '{}',
    ADD COLUMN work_fields text[] NOT NULL DEFAULT '{}';
