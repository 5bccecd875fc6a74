-- How often somebody did something of late: the moment until which they have used up their share.
-- What it is about is hashed. After a crash everybody starts anew, so it need not be written twice.
CREATE UNLOGGED TABLE rate_limit (
    bucket bytea       PRIMARY KEY,
    due_at timestamptz NOT NULL
);
CREATE INDEX rate_limit_due ON rate_limit (due_at);

-- Who read what is sensitive, when and why. Rows are added, and never changed or taken away.
CREATE TABLE sensitive_read (
    read_id   uuid        PRIMARY KEY,
    reader    uuid,                    -- a person, or none when a machine read
    client_id text,
    kind      text        NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]{0,63}$'),
    of_id     uuid        NOT NULL,
    why       text        NOT NULL CHECK (why ~ '^[a-z][a-z0-9_]{0,63}$'),
    read_at   timestamptz NOT NULL
);
CREATE INDEX sensitive_read_of ON sensitive_read (of_id);
