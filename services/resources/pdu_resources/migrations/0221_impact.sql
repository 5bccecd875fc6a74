-- What changed, as somebody wrote it down. `what` may name people and leaves this table for no
-- message; what is published is written for that.
CREATE TABLE impact_record (
    impact_id          uuid        PRIMARY KEY,
    what               text,       -- none once whoever wrote it was forgotten
    other_factors      text,
    kind               text        CHECK (kind IN ('projectable', 'transformative', 'emergent')),
    level              text        NOT NULL
        CHECK (level IN ('individual', 'organisation', 'system', 'beneficiary')),
    depth              text
        CHECK (depth IN ('superficial', 'structural', 'cultural_relational')),
    contribution_class text
        CHECK (contribution_class IN ('solely_pdu', 'partnership', 'faster_or_better')),
    expectedness       text        NOT NULL
        CHECK (expectedness IN ('expected', 'unexpected', 'negative')),
    aims               text[]      NOT NULL,
    hls                text[]      NOT NULL,
    pie                text[]      NOT NULL,
    outcomes           text[]      NOT NULL,
    evidence           text[]      NOT NULL,
    workstreams        text[]      NOT NULL,
    organisation_id    uuid,
    organisation       text,
    learning_event_ids uuid[]      NOT NULL,
    happened_on        date        NOT NULL,
    recorded_by        uuid,
    recorded_at        timestamptz NOT NULL,
    verified_by        uuid,
    verified_at        timestamptz,
    coded_at           timestamptz,
    may_publish        boolean     NOT NULL,
    title              text,
    summary            text,
    published_at       timestamptz,
    withdrawn_at       timestamptz,
    version            integer     NOT NULL CHECK (version > 0),
    CHECK (verified_at IS NULL OR verified_by IS DISTINCT FROM recorded_by),
    CHECK (published_at IS NULL OR (title IS NOT NULL AND summary IS NOT NULL AND may_publish
                                    AND verified_at IS NOT NULL AND coded_at IS NOT NULL))
);
CREATE INDEX impact_published ON impact_record (impact_id)
    WHERE published_at IS NOT NULL AND withdrawn_at IS NULL;

CREATE TABLE case_study (
    case_study_id   uuid        PRIMARY KEY,
    title           text        NOT NULL CHECK (title <> ''),
    body            text        NOT NULL CHECK (body <> ''),
    organisation_id uuid,
    organisation    text,
    workstreams     text[]      NOT NULL,
    aims            text[]      NOT NULL,
    impact_ids      uuid[]      NOT NULL,
    written_by      uuid,
    written_at      timestamptz NOT NULL,
    consented_at    timestamptz,
    shown_until     date,
    reviewed_by     uuid,
    reviewed_at     timestamptz,
    published_at    timestamptz,
    withdrawn_at    timestamptz,
    version         integer     NOT NULL CHECK (version > 0),
    CHECK (reviewed_at IS NULL OR reviewed_by IS DISTINCT FROM written_by),
    CHECK (published_at IS NULL OR (consented_at IS NOT NULL AND reviewed_at IS NOT NULL))
);

-- The code book, and which texts have which of its themes. A text goes with its answer.
CREATE TABLE theme (
    code    code    PRIMARY KEY,
    label   text    NOT NULL CHECK (label <> ''),
    means   text    NOT NULL CHECK (means <> ''),
    retired boolean NOT NULL DEFAULT false
);
CREATE TABLE text_coding (
    text_id    uuid        PRIMARY KEY REFERENCES answer_text ON DELETE CASCADE,
    themes     text[]      NOT NULL,
    coder_role text        NOT NULL,
    coded_by   uuid,
    coded_at   timestamptz NOT NULL
);

-- Words that may be quoted, by role only.
CREATE TABLE quote (
    quote_id     uuid        PRIMARY KEY,
    text_id      uuid        REFERENCES answer_text ON DELETE SET NULL,
    said         text,       -- none once it was withdrawn
    source_type  text        NOT NULL,
    themes       text[]      NOT NULL,
    entered_at   timestamptz NOT NULL,
    approved_at  timestamptz,
    withdrawn_at timestamptz,
    CHECK ((said IS NULL) = (withdrawn_at IS NOT NULL))
);
CREATE INDEX quote_text ON quote (text_id);

-- From what people said to that they hear what came of it: one thread, every step of it kept.
CREATE TABLE said_item (
    item_id           uuid        PRIMARY KEY,
    said              text        NOT NULL CHECK (said <> ''),
    did               text,
    state             text        NOT NULL CHECK (state IN (
        'said', 'shared_with_organisation', 'committed', 'in_progress', 'done',
        'not_done_with_reason', 'fed_back')),
    listed            boolean     NOT NULL,
    learning_event_id uuid,
    engagement_id     uuid,
    organisation_id   uuid,
    organisation      text,
    workstream        code,
    said_on           date        NOT NULL
);
CREATE TABLE said_step (
    step_id     uuid        PRIMARY KEY,
    item_id     uuid        NOT NULL REFERENCES said_item,
    state       text        NOT NULL,
    told        text,
    happened_at timestamptz NOT NULL
);
CREATE INDEX said_step_item ON said_step (item_id);
