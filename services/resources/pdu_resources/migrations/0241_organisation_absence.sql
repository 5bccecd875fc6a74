-- Why nobody comes from an organisation, in the words of a list; none once that was taken back.
CREATE TABLE organisation_absence (
    organisation_id uuid        PRIMARY KEY REFERENCES organisation,
    reasons         text[]      NOT NULL,
    asked_on        date        NOT NULL,
    changed_at      timestamptz NOT NULL
);
