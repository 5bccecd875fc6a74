-- Ways through what the hub has. A step names what it is by kind and key, whether that is there yet
-- or not: a module or an item by its key, a learning event by its id.
CREATE TABLE pathway (
    pathway_id  uuid        PRIMARY KEY,
    pathway_key code        NOT NULL UNIQUE,
    title       text        NOT NULL CHECK (title <> ''),
    summary     text        NOT NULL CHECK (summary <> ''),
    role_levels text[]      NOT NULL,  -- for whom it is; empty means everybody
    work_fields text[]      NOT NULL,
    interests   text[]      NOT NULL,  -- codes of work streams
    starts_here boolean     NOT NULL,  -- what newcomers are shown first
    gives_badge boolean     NOT NULL,
    state       text        NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
    version     integer     NOT NULL CHECK (version >= 1),
    changed_at  timestamptz NOT NULL
);

CREATE TABLE pathway_step (
    pathway_id uuid     NOT NULL REFERENCES pathway,
    place      smallint NOT NULL CHECK (place >= 1),
    kind       text     NOT NULL CHECK (kind IN ('module', 'item', 'recording', 'event')),
    ref        text     NOT NULL CHECK (ref <> ''),
    title      text     NOT NULL CHECK (title <> ''),
    minutes    smallint CHECK (minutes > 0),
    optional   boolean  NOT NULL,
    PRIMARY KEY (pathway_id, place),
    UNIQUE (pathway_id, kind, ref)
);

CREATE TABLE enrolment (
    enrolment_id uuid        PRIMARY KEY,
    person_id    uuid        NOT NULL,
    pathway_id   uuid        NOT NULL REFERENCES pathway,
    started_at   timestamptz NOT NULL,
    completed_at timestamptz,
    UNIQUE (person_id, pathway_id)
);

-- A badge is signed when its holder asks for it, with the key of the day; here stands that it holds.
CREATE TABLE badge (
    badge_id     uuid        PRIMARY KEY,
    code         text        NOT NULL UNIQUE CHECK (code ~ '^[a-z2-7]{24}$'),
    enrolment_id uuid        NOT NULL UNIQUE REFERENCES enrolment ON DELETE CASCADE,
    issued_at    timestamptz NOT NULL
);

-- What one person did, for their own view of it and for the pathways they are on.
CREATE INDEX activity_person ON activity (person_id, happened_at DESC);
