-- The registry of organisations, as resources told it, and the ids that stand for one of them.
CREATE TABLE organisation (
    organisation_id uuid PRIMARY KEY,
    canonical_name  text NOT NULL
);

CREATE TABLE organisation_alias (
    merged_id uuid PRIMARY KEY,
    kept_id   uuid NOT NULL
);
