-- Where the running service recomputes projections at night. It may make tables here and nowhere else.
CREATE SCHEMA nightly;
GRANT USAGE, CREATE ON SCHEMA nightly TO reporting_app;

-- What each night found.
CREATE TABLE recomputation (
    ran_on           date        PRIMARY KEY,  -- local
    started_at       timestamptz NOT NULL,
    ended_at         timestamptz,
    journal_position bigint,
    projections      integer,
    rows             bigint,
    different        jsonb       NOT NULL DEFAULT '[]',
    CHECK ((ended_at IS NULL) = (journal_position IS NULL))
);
