-- What this service was asked to do about a person: to hand over what it keeps, or to forget it.
CREATE TABLE protection_task (
    request_id uuid        NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('access', 'erasure')),
    person_id  uuid        NOT NULL,
    person_ids uuid[]      NOT NULL CHECK (cardinality(person_ids) > 0),
    asked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempt    integer     NOT NULL DEFAULT 0,
    next_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason     text,       -- why the last attempt failed
    done_at    timestamptz,
    PRIMARY KEY (request_id, kind)
);
CREATE INDEX protection_task_due ON protection_task (next_at) WHERE done_at IS NULL;

-- That the schedule of retention was executed: for each class of data and day, how often, how much.
CREATE TABLE retention_run (
    data_class text        NOT NULL,
    ran_on     date        NOT NULL,
    runs       integer     NOT NULL CHECK (runs > 0),
    deleted    bigint      NOT NULL CHECK (deleted >= 0),
    cut_off    timestamptz NOT NULL,
    last_at    timestamptz NOT NULL,
    PRIMARY KEY (data_class, ran_on)
);

-- After an erasure the row of the erased id itself says so: the address leads from one to the next.
CREATE INDEX person_erased_at ON person_erased (erased_at);
