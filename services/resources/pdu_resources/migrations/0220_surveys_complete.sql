-- What a question depends on: it is asked of those who answered another one with one of these.
ALTER TABLE question
    ADD COLUMN asked_if         code,
    ADD COLUMN asked_if_options text[],
    ADD CHECK ((asked_if IS NULL) = (asked_if_options IS NULL));

ALTER TABLE survey ADD COLUMN kind text NOT NULL DEFAULT 'other' CHECK (kind IN (
    'post_event', 'follow_up', 'outcome', 'evaluation', 'steering_group', 'satisfaction',
    'expert_reflection', 'other'));
UPDATE survey SET kind = survey_key WHERE survey_key IN ('post_event', 'follow_up', 'evaluation');

-- What one learning event set out to do, to be asked beside the common core (event.outcome.1 …).
CREATE TABLE event_outcome (
    learning_event_id uuid     NOT NULL,
    number            smallint NOT NULL CHECK (number BETWEEN 1 AND 5),
    outcome           text     NOT NULL CHECK (outcome <> ''),
    PRIMARY KEY (learning_event_id, number)
);

ALTER TABLE attendance ADD COLUMN held_on date;  -- of those before this one the day is not known

ALTER TABLE invitation ADD COLUMN withdrawn_at timestamptz;
CREATE UNIQUE INDEX invitation_once_of_no_event
    ON invitation (survey_key, wave, person_id) WHERE NOT imported AND learning_event_id IS NULL;

-- What will be asked of whom, and why: everything is a row before its day comes.
CREATE TABLE survey_due (
    due_id            uuid        PRIMARY KEY,
    what              text        NOT NULL CHECK (what IN ('invite', 'remind')),
    survey_key        code        NOT NULL REFERENCES survey,
    wave              code,       -- none: the month in which it is asked
    learning_event_id uuid,
    person_id         uuid        NOT NULL,
    invitation_id     uuid        REFERENCES invitation,
    number            smallint    NOT NULL DEFAULT 0,
    due_at            timestamptz NOT NULL,
    reason            text        NOT NULL,
    UNIQUE NULLS NOT DISTINCT
        (what, survey_key, wave, learning_event_id, person_id, invitation_id, number),
    CHECK ((what = 'remind') = (invitation_id IS NOT NULL AND number BETWEEN 1 AND 2))
);
CREATE INDEX survey_due_next ON survey_due (due_at);
CREATE INDEX survey_due_person ON survey_due (person_id);

-- A way for everybody who is there to answer, such as the code on a screen; no persons.
CREATE TABLE open_link (
    open_link_id      uuid        PRIMARY KEY,
    survey_key        code        NOT NULL REFERENCES survey,
    learning_event_id uuid,
    channel           code        NOT NULL,
    wave              code        NOT NULL,
    opened_at         timestamptz NOT NULL,
    closes_at         timestamptz NOT NULL CHECK (closes_at >= opened_at)
);
CREATE INDEX open_link_survey ON open_link (survey_key);

ALTER TABLE response
    ADD COLUMN channel      code,
    ADD COLUMN open_link_id uuid REFERENCES open_link,
    ADD COLUMN withdrawn_at timestamptz;

-- Answers of an invited person who is not finished: forgotten when they are, or when it closes.
CREATE TABLE survey_draft (
    invitation_id uuid        PRIMARY KEY REFERENCES invitation,
    response_id   uuid        NOT NULL UNIQUE,
    draft         jsonb       NOT NULL CHECK ((draft -> 'consent' ->> 'evaluation')::boolean),
    saved_at      timestamptz NOT NULL
);

-- What somebody said they want to change, and what they said later became of it. Their words stay
-- with the answers; who they are is here only if they agreed to be linked.
CREATE TABLE intended_action (
    action_id         uuid PRIMARY KEY,
    response_id       uuid NOT NULL UNIQUE REFERENCES response,
    person_id         uuid,
    learning_event_id uuid,
    state             text NOT NULL CHECK (state IN (
        'intended', 'reminded', 'done', 'partly', 'not_done', 'no_answer')),
    outcome_code      code,
    intended_on       date NOT NULL,
    reported_on       date
);
CREATE INDEX intended_action_person ON intended_action (person_id);
