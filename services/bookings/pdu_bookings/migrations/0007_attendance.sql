-- Who wrote an entry (a person's pseudonym; nobody's where a machine did), why a correction was made,
-- and what a webinar tool counted, judged by which version of the rule.
ALTER TABLE attendance_entry
    ADD COLUMN recorded_by uuid,
    ADD COLUMN reason_code text,
    ADD COLUMN minutes     integer CHECK (minutes >= 0),
    ADD COLUMN rule        text,
    ADD CONSTRAINT only_corrections_have_reasons CHECK (reason_code IS NULL OR supersedes IS NOT NULL),
    ADD CONSTRAINT minutes_are_judged CHECK ((minutes IS NULL) = (rule IS NULL));

-- A register that is closed: whoever was expected and is not in it did not come.
CREATE TABLE register_closed (
    session_id     uuid        PRIMARY KEY REFERENCES session,
    closed_at      timestamptz NOT NULL,
    closed_by      uuid,
    closed_by_role text        NOT NULL
);

-- How many people were there, where nobody took names. Later counts supersede earlier ones.
CREATE TABLE head_count (
    head_count_id    uuid        PRIMARY KEY,
    session_id       uuid        NOT NULL REFERENCES session,
    people           integer     NOT NULL CHECK (people >= 0),
    by_sector        jsonb       NOT NULL,
    recorded_by      uuid,
    recorded_by_role text        NOT NULL,
    recorded_at      timestamptz NOT NULL,
    supersedes       uuid        UNIQUE REFERENCES head_count
);
CREATE UNIQUE INDEX one_first_head_count ON head_count (session_id) WHERE supersedes IS NULL;
CREATE INDEX head_count_of_session ON head_count (session_id);
