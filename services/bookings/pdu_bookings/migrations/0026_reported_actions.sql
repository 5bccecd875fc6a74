-- What organisations say that they did, without a name, for experts to comment on. Which expert said
-- what is not kept: only that they did, so that nobody is asked twice.
CREATE TABLE lived_experience.reported_action (
    action_id         uuid        PRIMARY KEY,
    text              text        NOT NULL,
    learning_event_id uuid        REFERENCES learning_event,
    put_at            timestamptz NOT NULL
);
CREATE TABLE lived_experience.action_comment (
    comment_id uuid PRIMARY KEY,
    action_id  uuid NOT NULL REFERENCES lived_experience.reported_action ON DELETE CASCADE,
    effect     text NOT NULL CHECK (effect IN ('helps', 'depends', 'no_difference', 'harms')),
    text       text
);
CREATE INDEX comment_on_action ON lived_experience.action_comment (action_id);
CREATE TABLE lived_experience.action_commented (
    action_id uuid NOT NULL REFERENCES lived_experience.reported_action ON DELETE CASCADE,
    expert_id uuid NOT NULL REFERENCES lived_experience.expert,
    PRIMARY KEY (action_id, expert_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE
   ON lived_experience.reported_action, lived_experience.action_comment,
      lived_experience.action_commented
   TO bookings_app;
