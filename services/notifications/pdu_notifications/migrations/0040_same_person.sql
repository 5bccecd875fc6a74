-- Ids that are one person, as resources told it: a letter to one reaches them under the other.
CREATE TABLE person_alias (
    merged_id uuid PRIMARY KEY,
    kept_id   uuid NOT NULL
);
CREATE INDEX person_alias_kept ON person_alias (kept_id);
