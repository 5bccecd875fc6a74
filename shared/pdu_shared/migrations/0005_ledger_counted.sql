-- Up to when this service has counted its ledger and told of it: a single row.
CREATE TABLE ledger_told (
    ledger  text        PRIMARY KEY CHECK (ledger = 'own'),
    ends_at timestamptz NOT NULL
);

-- What reporting lacks, until it has been told again.
CREATE TABLE ledger_wanted (
    publisher text        NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL CHECK (starts_at < ends_at),
    keys      text[]      NOT NULL,
    PRIMARY KEY (publisher, starts_at, ends_at)
);
