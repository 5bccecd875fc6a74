-- How often the hall of a session was locked. Who decides on what they read without a lock writes
-- only if nobody came between: then this has not changed.
ALTER TABLE session ADD COLUMN times_locked bigint NOT NULL DEFAULT 0;
