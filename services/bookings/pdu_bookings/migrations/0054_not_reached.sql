-- How often an ambassador tried to tell an expert something, and did not reach them.
ALTER TABLE lived_experience.notice
    ADD COLUMN tries    integer     NOT NULL DEFAULT 0,
    ADD COLUMN tried_at timestamptz;
