-- Words with a mistake in them are found by the three-letter groups that they share with others.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What there is to read, to look at and to use. `item` knows the key of each from the day on which
-- it is published, so that what members do with it can be written down.
CREATE TABLE library_item (
    item_id           uuid        PRIMARY KEY,
    item_key          code        NOT NULL UNIQUE,
    type              text        NOT NULL CHECK (type IN (
        'academic_paper', 'toolkit', 'report', 'best_practice_guide', 'practice_tool', 'slides',
        'multimedia', 'link', 'case_study', 'recording')),
    state             text        NOT NULL CHECK (state IN (
        'submitted', 'declined', 'draft', 'published', 'archived')),
    title             text        NOT NULL CHECK (title <> ''),
    sort_title        text        NOT NULL,  -- as it stands in a list from A to Z
    letter            text        NOT NULL CHECK (letter ~ '^([a-z]|other)$'),
    summary           text        NOT NULL DEFAULT '',
    body              text        NOT NULL DEFAULT '',  -- Markdown
    body_html         text        NOT NULL DEFAULT '',  -- what that is after cleaning
    creators          text[]      NOT NULL DEFAULT '{}',
    publisher         text,
    issued            text        CHECK (issued ~ '^\d{4}(-\d{2}(-\d{2})?)?$'),
    identifier        text,
    language          text        NOT NULL DEFAULT 'en-GB',
    rights            text,
    link              text        CHECK (link ~ '^https://'),
    workstreams       text[]      NOT NULL DEFAULT '{}',
    tags              text[]      NOT NULL DEFAULT '{}',
    scope             text        CHECK (scope IN ('local', 'national')),
    level             text        CHECK (level IN ('introductory', 'developing', 'advanced')),
    minutes           smallint    CHECK (minutes BETWEEN 1 AND 1200),
    members_only      boolean     NOT NULL DEFAULT false,
    learning_event_id uuid,
    session_id        uuid,
    speaker           text,
    without_captions_because text,
    credit            text,                  -- how whoever brought it wants to be thanked
    submitted_by      uuid,
    replaced_by       uuid        REFERENCES library_item,
    reason            text,                  -- why it was declined or archived
    added_at          timestamptz NOT NULL,
    changed_at        timestamptz NOT NULL,
    published_at      timestamptz,
    reviewed_on       date,
    review_due_on     date,
    version           integer     NOT NULL DEFAULT 1,
    CHECK (state NOT IN ('published', 'archived') OR published_at IS NOT NULL),
    CHECK (replaced_by <> item_id)
);
CREATE INDEX library_item_newest ON library_item (published_at DESC, item_id DESC)
    WHERE state = 'published';
CREATE INDEX library_item_a_to_z ON library_item (sort_title, item_id) WHERE state = 'published';
CREATE INDEX library_item_workstreams ON library_item USING gin (workstreams);
CREATE INDEX library_item_tags ON library_item USING gin (tags);
CREATE INDEX library_item_event ON library_item (learning_event_id)
    WHERE learning_event_id IS NOT NULL;
CREATE INDEX library_item_review ON library_item (review_due_on) WHERE state = 'published';
CREATE INDEX library_item_changed ON library_item (changed_at, item_id) WHERE published_at IS NOT NULL;
CREATE INDEX library_item_submitted_by ON library_item (submitted_by)
    WHERE submitted_by IS NOT NULL;

-- What became of an item, and how it was described before.
CREATE TABLE library_change (
    change_id  uuid        PRIMARY KEY,
    item_id    uuid        NOT NULL REFERENCES library_item,
    version    integer     NOT NULL,
    what       text[]      NOT NULL,
    was        jsonb       NOT NULL,
    changed_by uuid,
    changed_at timestamptz NOT NULL
);
CREATE INDEX library_change_item ON library_change (item_id, change_id);

CREATE TABLE collection (
    collection_key    code        PRIMARY KEY,
    kind              text        NOT NULL CHECK (kind IN (
        'start_here', 'induction', 'evidence', 'share_kit', 'wellbeing', 'other')),
    title             text        NOT NULL CHECK (title <> ''),
    summary           text        NOT NULL DEFAULT '',
    learning_event_id uuid,
    published         boolean     NOT NULL DEFAULT false,
    changed_at        timestamptz NOT NULL,
    version           integer     NOT NULL DEFAULT 1
);

CREATE TABLE collection_item (
    collection_key code     NOT NULL REFERENCES collection,
    item_id        uuid     NOT NULL REFERENCES library_item,
    place          smallint NOT NULL,
    note           text,
    PRIMARY KEY (collection_key, item_id)
);
CREATE INDEX collection_item_item ON collection_item (item_id);

-- Which organisations use a collection for their own staff.
CREATE TABLE collection_adoption (
    collection_key  code        NOT NULL REFERENCES collection,
    organisation_id uuid        NOT NULL,
    adopted_at      timestamptz NOT NULL,
    PRIMARY KEY (collection_key, organisation_id)
);

-- To whom something was passed on. Nobody says who did.
CREATE TABLE collection_share (
    share_id       uuid    PRIMARY KEY,
    collection_key code    NOT NULL REFERENCES collection,
    audience       text    NOT NULL,
    shared_on      date    NOT NULL
);
CREATE INDEX collection_share_collection ON collection_share (collection_key);

-- A work stream that is no more goes on in others.
CREATE TABLE workstream_successor (
    code      code NOT NULL,
    successor code NOT NULL CHECK (successor <> code),
    since     date NOT NULL,
    note      text,
    PRIMARY KEY (code, successor)
);
CREATE INDEX workstream_successor_back ON workstream_successor (successor);
