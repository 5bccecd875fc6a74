-- What services say that they told, held against the journal: a row for each span that was looked at.
CREATE TABLE ledger_compared (
    publisher       text        NOT NULL,
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL CHECK (starts_at < ends_at),
    sequence        bigint      NOT NULL,  -- of the count that it was held against; 0 if there is none
    missing         bigint      NOT NULL CHECK (missing >= 0),
    extra           bigint      NOT NULL CHECK (extra >= 0),
    keys            text[]      NOT NULL,  -- the kinds that differ
    asked           integer     NOT NULL CHECK (asked >= 0),
    looked_at       timestamptz NOT NULL,
    different_since timestamptz,           -- null: equal
    next_at         timestamptz,
    PRIMARY KEY (publisher, starts_at, ends_at),
    CHECK ((different_since IS NULL) = (next_at IS NULL))
);
CREATE INDEX ledger_different ON ledger_compared (next_at) WHERE next_at IS NOT NULL;
