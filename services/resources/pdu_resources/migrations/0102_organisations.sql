-- Likeness of names; the owner of a database may have it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The registry. Of two records that turn out to be one organisation, one is merged into the other;
-- only one that is not merged itself can take another, so there are no circles.
CREATE TABLE organisation (
    organisation_id uuid        PRIMARY KEY,
    canonical_name  text        NOT NULL CHECK (canonical_name <> ''),
    sector          code        REFERENCES sector,
    area            code        REFERENCES area,
    parent_id       uuid        REFERENCES organisation CHECK (parent_id <> organisation_id),
    website         text        CHECK (website <> ''),
    merged_into     uuid        REFERENCES organisation CHECK (merged_into <> organisation_id),
    version         integer     NOT NULL DEFAULT 1 CHECK (version >= 1),
    registered_at   timestamptz NOT NULL,
    changed_at      timestamptz NOT NULL
);
CREATE INDEX organisation_parent ON organisation (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX organisation_merged ON organisation (merged_into) WHERE merged_into IS NOT NULL;

-- Every name under which an organisation is known, by the id that is made of it: its own and those
-- that people type. A name belongs to one organisation.
CREATE TABLE organisation_name (
    name_id         uuid        PRIMARY KEY,
    organisation_id uuid        NOT NULL REFERENCES organisation,
    name            text        NOT NULL CHECK (name <> ''),
    added_at        timestamptz NOT NULL
);
CREATE INDEX organisation_name_of ON organisation_name (organisation_id);
CREATE INDEX organisation_name_like ON organisation_name USING gin (lower(name) gin_trgm_ops);

-- What people typed that is no organisation, such as "none". Only the id that is made of it.
CREATE TABLE organisation_name_set_aside (
    name_id      uuid        PRIMARY KEY,
    set_aside_at timestamptz NOT NULL
);

-- The id that is made of what a member typed; `migrate` fills it where it was not made yet.
ALTER TABLE member ADD COLUMN organisation_id uuid;
CREATE INDEX member_organisation ON member (organisation_id) WHERE organisation_id IS NOT NULL;
