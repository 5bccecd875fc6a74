-- Figures as they stood at one moment of the journal. Derived from it, and kept because the journal
-- cannot be counted back: what was merged or recoded since counts otherwise today.
CREATE TABLE snapshot (
    snapshot_id      uuid        PRIMARY KEY,
    kind             text        NOT NULL CHECK (kind IN ('report', 'baseline', 'published')),
    title            text        NOT NULL,
    up_to            date,
    frozen_at        timestamptz NOT NULL,
    as_of            timestamptz NOT NULL,
    journal_position bigint      NOT NULL
);

-- The newest published one is what everybody sees.
CREATE INDEX snapshot_published ON snapshot (journal_position DESC, frozen_at DESC)
 WHERE kind = 'published';

CREATE TABLE snapshot_table (
    snapshot_id uuid NOT NULL REFERENCES snapshot,
    place       int  NOT NULL,
    name        text NOT NULL,
    answer      text NOT NULL,  -- as the team sees it, JSON
    PRIMARY KEY (snapshot_id, place),
    UNIQUE (snapshot_id, name)
);

-- What a published snapshot shows to everybody, small numbers withheld.
CREATE TABLE snapshot_shown (
    snapshot_id uuid NOT NULL REFERENCES snapshot,
    place       int  NOT NULL,
    shown       text NOT NULL,  -- a table, JSON
    PRIMARY KEY (snapshot_id, place)
);
