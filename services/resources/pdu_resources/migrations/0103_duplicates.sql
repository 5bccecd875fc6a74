-- Accounts that look like one person and are two, as a coordinator found out.
CREATE TABLE not_the_same_person (
    one_id   uuid        NOT NULL REFERENCES member ON DELETE CASCADE,
    other_id uuid        NOT NULL REFERENCES member ON DELETE CASCADE,
    said_at  timestamptz NOT NULL,
    PRIMARY KEY (one_id, other_id),
    CHECK (one_id < other_id)
);
CREATE INDEX not_the_same_person_other ON not_the_same_person (other_id);

-- Candidates are looked for by likeness first, and judged one by one.
CREATE INDEX member_address_like ON member USING gin (lower(address) gin_trgm_ops);
CREATE INDEX member_name_like ON member USING gin (lower(name) gin_trgm_ops);
