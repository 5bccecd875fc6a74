-- The suite of e-learning modules. `announced` ones are known by their title only.
CREATE TABLE module_group (
    code  code     PRIMARY KEY,
    label text     NOT NULL CHECK (label <> ''),
    place smallint NOT NULL
);

CREATE TABLE module (
    module_id  uuid     PRIMARY KEY,  -- the id of the item of the hub that it is
    module_key code     NOT NULL UNIQUE,
    group_code code     NOT NULL REFERENCES module_group,
    title      text     NOT NULL CHECK (title <> ''),
    place      smallint NOT NULL,
    state      text     NOT NULL CHECK (state IN ('announced', 'published', 'retired')),
    version    integer,               -- the one that is begun now
    CHECK ((version IS NULL) = (state = 'announced'))
);

-- A version is never changed: whoever began with it ends with it.
CREATE TABLE module_version (
    module_id    uuid        NOT NULL REFERENCES module,
    version      integer     NOT NULL CHECK (version >= 1),
    title        text        NOT NULL CHECK (title <> ''),
    summary      text        NOT NULL CHECK (summary <> ''),
    level        text        NOT NULL CHECK (level IN ('introductory', 'developing', 'advanced')),
    minutes      smallint    NOT NULL CHECK (minutes > 0),
    outcomes     text[]      NOT NULL,
    content_note text,
    support      text,
    credit       text[]      NOT NULL,
    is_example   boolean     NOT NULL,
    is_shipped   boolean     NOT NULL,  -- came with the software, so a later release may replace it
    pages        text[]      NOT NULL CHECK (cardinality(pages) > 0),  -- as they are written
    checksum     bytea       NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (module_id, version)
);
ALTER TABLE module ADD FOREIGN KEY (module_id, version) REFERENCES module_version;

-- How far somebody is. `page` is where they were last, `furthest` the last page they have seen.
CREATE TABLE module_progress (
    progress_id  uuid        PRIMARY KEY,
    person_id    uuid        NOT NULL,
    module_id    uuid        NOT NULL,
    version      integer     NOT NULL,
    page         smallint    NOT NULL CHECK (page >= 1),
    furthest     smallint    NOT NULL CHECK (furthest >= page),
    started_at   timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    completed_at timestamptz,
    FOREIGN KEY (module_id, version) REFERENCES module_version,
    UNIQUE (person_id, module_id, version)
);
CREATE UNIQUE INDEX module_progress_one_at_a_time
    ON module_progress (person_id, module_id) WHERE completed_at IS NULL;

-- What somebody answered, for themselves: it leaves this table for no message and no figure.
CREATE TABLE module_answer (
    progress_id   uuid        NOT NULL REFERENCES module_progress ON DELETE CASCADE,
    question_code code        NOT NULL,
    options       text[]      NOT NULL,
    said          text        CHECK (said <> ''),
    answered_at   timestamptz NOT NULL,
    PRIMARY KEY (progress_id, question_code)
);

-- That somebody completed a module; it keeps the name that is printed on it.
CREATE TABLE module_certificate (
    certificate_id uuid        PRIMARY KEY,
    code           text        NOT NULL UNIQUE CHECK (code ~ '^[a-z2-7]{24}$'),
    progress_id    uuid        NOT NULL UNIQUE REFERENCES module_progress ON DELETE CASCADE,
    name           text        NOT NULL CHECK (name <> ''),
    show_name      boolean     NOT NULL,
    issued_at      timestamptz NOT NULL
);
