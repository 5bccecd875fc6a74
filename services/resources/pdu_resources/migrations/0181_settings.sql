-- A word that is used no longer is retired, never deleted: what was told with it stays readable.
ALTER TABLE sector      ADD COLUMN valid_to date;
ALTER TABLE work_field  ADD COLUMN valid_to date;
ALTER TABLE role_level  ADD COLUMN valid_to date;
ALTER TABLE area        ADD COLUMN valid_to date;
ALTER TABLE heard_about ADD COLUMN valid_to date;

-- What an installation has otherwise than the settings begin with. Their names, kinds and bounds
-- are in the code, where they are used.
CREATE TABLE setting (
    name       code        PRIMARY KEY,
    value      jsonb       NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid
);
