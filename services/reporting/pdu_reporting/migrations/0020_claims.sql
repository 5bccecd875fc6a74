-- Figures as reports printed them, to be held against what is counted. They are claims about facts
-- and no facts: nothing is counted from them.
CREATE TABLE claim (
    report  text        NOT NULL,
    place   integer     NOT NULL,
    body    jsonb       NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (report, place)
);
