-- The commands that have their answer: one that comes again gets no second.
CREATE TABLE command_answered (
    command_id  uuid        PRIMARY KEY,
    answered_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX command_to_forget ON command_answered (answered_at);
