-- What operators asked to be told again, and how far that is.
CREATE TABLE replay_request (
    replay_id uuid        PRIMARY KEY,
    told_to   text        NOT NULL,
    messages  text[]      NOT NULL,  -- names of messages; none means all
    asked_at  timestamptz NOT NULL,
    asked_by  uuid,
    position  bigint      NOT NULL DEFAULT 0,
    told      bigint      NOT NULL DEFAULT 0,
    next_at   timestamptz NOT NULL,
    trouble   text,
    done_at   timestamptz
);
CREATE INDEX replay_request_open ON replay_request (next_at) WHERE done_at IS NULL;
