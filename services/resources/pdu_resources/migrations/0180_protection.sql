-- What people are asked to agree to, and in which words: each version stays as it was shown.
CREATE TABLE purpose (
    purpose code     PRIMARY KEY,
    label   text     NOT NULL CHECK (label <> ''),
    place   smallint NOT NULL
);

CREATE TABLE consent_wording (
    purpose      code        NOT NULL REFERENCES purpose,
    version      integer     NOT NULL CHECK (version > 0),
    wording      text        NOT NULL CHECK (wording <> ''),
    applies_from timestamptz NOT NULL,
    PRIMARY KEY (purpose, version)
);

-- That somebody agreed, to which wording, how; and that they took it back. Rows are evidence.
CREATE TABLE consent (
    consent_id        uuid        PRIMARY KEY,
    person_id         uuid        NOT NULL,
    purpose           code        NOT NULL,
    version           integer     NOT NULL,
    channel           text        NOT NULL CHECK (channel IN (
        'hub', 'booking', 'survey', 'telephone', 'in_person', 'paper')),
    given_at          timestamptz NOT NULL,
    recorded_by       uuid,
    withdrawn_at      timestamptz,
    withdrawn_channel text,
    CHECK ((withdrawn_at IS NULL) = (withdrawn_channel IS NULL)),
    FOREIGN KEY (purpose, version) REFERENCES consent_wording
);
CREATE UNIQUE INDEX one_active_consent ON consent (person_id, purpose) WHERE withdrawn_at IS NULL;

-- Somebody wants to see what is kept about them, or to be forgotten. The clock runs from the day on
-- which it is known who asks.
CREATE TABLE rights_request (
    request_id       uuid        PRIMARY KEY,
    kind             text        NOT NULL CHECK (kind IN ('access', 'erasure')),
    state            text        NOT NULL CHECK (state IN (
        'identity', 'asked', 'working', 'done', 'refused')),
    person_id        uuid        NOT NULL,
    asked_by         uuid,
    asked_by_role    text        NOT NULL,
    asked_at         timestamptz NOT NULL,
    received_on      date        NOT NULL,
    identity_by      uuid,
    identity_checked code,
    due_on           date,       -- none while nobody knows who asks
    extended_because code,
    approved_by      uuid,
    approved_at      timestamptz,
    refused_because  code,
    done_at          timestamptz,
    CHECK ((state = 'identity') = (due_on IS NULL)),
    CHECK ((state = 'refused') = (refused_because IS NOT NULL)),
    CHECK ((state = 'done') = (done_at IS NOT NULL))
);
CREATE UNIQUE INDEX one_open_request ON rights_request (person_id, kind)
    WHERE state IN ('identity', 'asked', 'working');
CREATE INDEX rights_request_due ON rights_request (due_on)
    WHERE state IN ('asked', 'working');

-- What the services answered: that they erased, or their part of what is kept.
CREATE TABLE rights_answer (
    request_id  uuid        NOT NULL REFERENCES rights_request,
    service     text        NOT NULL,
    part        integer     NOT NULL CHECK (part > 0),
    parts       integer     NOT NULL CHECK (parts >= part),
    rows        integer,
    content     text,       -- deleted 30 days after
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (request_id, service, part)
);

-- The link to an archive: good once, for some days. The token itself is kept nowhere.
CREATE TABLE archive_link (
    token_hash bytea       PRIMARY KEY,
    request_id uuid        NOT NULL REFERENCES rights_request,
    issued_to  uuid,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX archive_link_of_request ON archive_link (request_id);

-- Why somebody is not forgotten yet.
CREATE TABLE erasure_hold (
    hold_id     uuid        PRIMARY KEY,
    person_id   uuid        NOT NULL,
    because     text        NOT NULL CHECK (because IN (
        'legal_claim', 'legal_duty', 'safeguarding', 'public_interest')),
    reference   text,       -- the number of a file, never words about a person
    placed_by   uuid,
    placed_at   timestamptz NOT NULL,
    released_by uuid,
    released_at timestamptz
);
CREATE INDEX erasure_hold_of_person ON erasure_hold (person_id) WHERE released_at IS NULL;
