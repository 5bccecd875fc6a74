-- A question is never changed: other words are another version, and what was answered keeps its
-- own. One that only records speak of is `imported`: its words are not known, nobody is asked it.
CREATE TABLE question (
    code                  code             NOT NULL,
    version               integer          NOT NULL CHECK (version >= 1),
    type                  text             NOT NULL
        CHECK (type IN ('single', 'multiple', 'ranking', 'number', 'text')),
    wording               text             NOT NULL CHECK (wording <> ''),
    offers_not_applicable boolean          NOT NULL DEFAULT false,
    minimum               double precision,
    maximum               double precision CHECK (maximum >= minimum),
    imported              boolean          NOT NULL DEFAULT false,
    PRIMARY KEY (code, version)
);

CREATE TABLE question_option (
    question_code code     NOT NULL,
    version       integer  NOT NULL,
    code          code     NOT NULL,
    label         text     NOT NULL CHECK (label <> ''),
    place         smallint NOT NULL,
    imported      boolean  NOT NULL DEFAULT false,
    PRIMARY KEY (question_code, version, code),
    FOREIGN KEY (question_code, version) REFERENCES question
);

CREATE TABLE survey (
    survey_key code    PRIMARY KEY,
    title      text    NOT NULL CHECK (title <> ''),
    imported   boolean NOT NULL DEFAULT false
);

CREATE TABLE survey_question (
    survey_key    code     NOT NULL REFERENCES survey,
    question_code code     NOT NULL,
    version       integer  NOT NULL,
    place         smallint NOT NULL,
    PRIMARY KEY (survey_key, question_code),
    FOREIGN KEY (question_code, version) REFERENCES question
);

-- Who came to what, as bookings told it: whom a survey may ask.
CREATE TABLE attendance (
    attendance_id     uuid    PRIMARY KEY,
    learning_event_id uuid    NOT NULL,
    person_id         uuid    NOT NULL,
    came              boolean NOT NULL
);
CREATE INDEX attendance_came ON attendance (learning_event_id) WHERE came;

CREATE TABLE invitation (
    invitation_id     uuid        PRIMARY KEY,
    survey_key        code        NOT NULL REFERENCES survey,
    wave              code        NOT NULL,
    learning_event_id uuid,
    person_id         uuid        NOT NULL,
    state             text        NOT NULL CHECK (state IN (
        'planned', 'suppressed', 'sent', 'delivered', 'bounced', 'opened_form', 'partial',
        'submitted', 'expired')),
    invited_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    token_hash        bytea       UNIQUE,           -- of the link; the token is in the letter only
    imported          boolean     NOT NULL DEFAULT false,
    CHECK (imported = (token_hash IS NULL))
);
CREATE UNIQUE INDEX invitation_once
    ON invitation (survey_key, wave, learning_event_id, person_id) WHERE NOT imported;
CREATE INDEX invitation_asked ON invitation (survey_key, wave, learning_event_id);

-- What somebody answered. Who they are stands here only if they agreed to be linked; the
-- invitation is kept so that answers sent again replace the earlier ones.
CREATE TABLE response (
    response_id       uuid        PRIMARY KEY,
    survey_key        code        NOT NULL REFERENCES survey,
    wave              code        NOT NULL,
    learning_event_id uuid,
    invitation_id     uuid        UNIQUE REFERENCES invitation,
    person_id         uuid,
    sector            code        REFERENCES sector,
    work_field        code        REFERENCES work_field,
    may_evaluate      boolean     NOT NULL,
    may_quote         boolean     NOT NULL,
    may_link          boolean     NOT NULL,
    submitted_at      timestamptz NOT NULL,
    imported          boolean     NOT NULL DEFAULT false,
    CHECK (may_evaluate OR imported),
    CHECK (may_link OR person_id IS NULL)
);

CREATE TABLE answer (
    response_id   uuid    NOT NULL REFERENCES response,
    question_code code    NOT NULL,
    version       integer NOT NULL,
    state         text    NOT NULL
        CHECK (state IN ('answered', 'not_answered', 'not_applicable', 'filtered_out')),
    number        double precision,
    place         smallint NOT NULL,
    PRIMARY KEY (response_id, question_code),
    FOREIGN KEY (question_code, version) REFERENCES question
);

CREATE TABLE answer_option (
    response_id   uuid     NOT NULL,
    question_code code     NOT NULL,
    option_code   code     NOT NULL,
    rank          smallint CHECK (rank >= 1),
    PRIMARY KEY (response_id, question_code, option_code),
    FOREIGN KEY (response_id, question_code) REFERENCES answer ON DELETE CASCADE
);

-- What people wrote themselves. It may name somebody, so it leaves this table for no message.
CREATE TABLE answer_text (
    text_id       uuid PRIMARY KEY,
    response_id   uuid NOT NULL,
    question_code code NOT NULL,
    said          text NOT NULL CHECK (said <> ''),
    UNIQUE (response_id, question_code),
    FOREIGN KEY (response_id, question_code) REFERENCES answer ON DELETE CASCADE
);

-- What there is in the library and among the modules. `imported` ones are known by their key only.
CREATE TABLE item (
    item_id  uuid PRIMARY KEY,
    item_key code NOT NULL UNIQUE,
    kind     text NOT NULL CHECK (kind IN ('resource', 'module')),
    state    text NOT NULL CHECK (state IN ('published', 'imported'))
);

CREATE TABLE activity (
    activity_id uuid        PRIMARY KEY,
    person_id   uuid        NOT NULL,
    item_id     uuid        NOT NULL REFERENCES item,
    action      text        NOT NULL
        CHECK (action IN ('viewed', 'downloaded', 'module_started', 'module_completed')),
    happened_at timestamptz NOT NULL,
    happened_on date        NOT NULL,  -- the local day
    imported    boolean     NOT NULL DEFAULT false
);

-- Ids that are one person. What is kept may be merged in its turn; there are no circles.
CREATE TABLE person_merge (
    merged_id uuid        PRIMARY KEY,
    kept_id   uuid        NOT NULL CHECK (kept_id <> merged_id),
    basis     code        NOT NULL,
    merged_at timestamptz NOT NULL
);
CREATE INDEX person_merge_kept ON person_merge (kept_id);
