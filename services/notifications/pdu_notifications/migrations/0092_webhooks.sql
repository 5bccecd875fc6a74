-- Other tools that are told what is announced. What their calls are signed with is kept nowhere.
CREATE TABLE webhook (
    webhook_id uuid        PRIMARY KEY,
    url        text        NOT NULL,
    messages   text[]      NOT NULL,
    state      text        NOT NULL CHECK (state IN ('on', 'off')),
    reason     text,
    made_by    uuid,
    made_at    timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);

CREATE TABLE webhook_call (
    webhook_id uuid        NOT NULL REFERENCES webhook ON DELETE CASCADE,
    message_id uuid        NOT NULL,
    type       text        NOT NULL,
    body       text        NOT NULL,   -- byte for byte the same at every attempt
    state      text        NOT NULL CHECK (state IN ('waiting', 'done', 'given_up')),
    attempt    integer     NOT NULL DEFAULT 0,
    answer     text,
    next_at    timestamptz NOT NULL,
    made_at    timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (webhook_id, message_id)
);
CREATE INDEX webhook_call_next ON webhook_call (next_at) WHERE state = 'waiting';
CREATE INDEX webhook_call_done ON webhook_call (changed_at) WHERE state <> 'waiting';
