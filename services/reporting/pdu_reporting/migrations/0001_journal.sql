-- Every message, in the order in which it was taken. Nothing here is ever changed.
CREATE TABLE journal (
    position    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id  uuid        NOT NULL UNIQUE,
    routing_key text        NOT NULL,
    source      text        NOT NULL,
    subject     text        NOT NULL,
    sequence    bigint      NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    origin      text        NOT NULL,
    public      boolean     NOT NULL,
    body        text        NOT NULL  -- byte for byte as it was published
);

-- Which tables follow from the journal, and by which definition they were made.
CREATE TABLE projection (
    name       text        PRIMARY KEY,
    definition text        NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT now()
);

-- Where a projection is made anew while the present one is still being read.
CREATE SCHEMA rebuilding;

-- Projections bring their own tables, now and later; the running service may work with their rows.
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO reporting_app;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reporting_ro;
