-- What dashboards ask, kept counted: how many people are alike, in each cut that is kept.
-- Nothing here is a fact; all of it follows from the projections.
CREATE TABLE tally_cell (
    cell_id int     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kept    int     NOT NULL,  -- by which dimensions the cell is cut
    cut     text[]  NOT NULL,
    times   int     NOT NULL,  -- so often did each of its people come
    is_new  boolean NOT NULL,  -- none of them had come before its period
    people  bigint  NOT NULL,
    UNIQUE (kept, cut, times, is_new)
) WITH (fillfactor = 50);

-- In which cells a person is counted: what is taken away before they are counted again.
CREATE TABLE tally_part (
    person_id uuid  PRIMARY KEY,
    cells     int[] NOT NULL
);

-- Whom something was told about that has not been counted yet, and since which position.
CREATE TABLE tally_pending (
    person_id uuid   NOT NULL,
    position  bigint NOT NULL,
    PRIMARY KEY (person_id, position)
);
