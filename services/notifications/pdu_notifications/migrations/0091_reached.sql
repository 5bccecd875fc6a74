-- Which address a letter went to, as a keyed hash: what comes back is about that one and no other.
ALTER TABLE letter ADD COLUMN reached bytea;
