-- What has been taken of a file of records: the batch is the correlation of every message it gave.
CREATE TABLE history_batch (
    batch_id uuid    PRIMARY KEY,
    file     text    NOT NULL,
    rows     integer,  -- as told in the end, none before
    messages integer CHECK ((messages IS NULL) = (rows IS NULL))
);

-- Each request by its content, so that one which is sent again is not counted again.
CREATE TABLE history_part (
    batch_id uuid    NOT NULL REFERENCES history_batch,
    digest   bytea   NOT NULL,
    rows     integer NOT NULL,
    messages integer NOT NULL,
    PRIMARY KEY (batch_id, digest)
);
