-- A second coder reads a text without knowing what the first one found in it.
ALTER TABLE text_coding
    ADD COLUMN second_themes text[],
    ADD COLUMN second_by     uuid,
    ADD COLUMN second_at     timestamptz,
    ADD CHECK ((second_themes IS NULL) = (second_at IS NULL)),
    ADD CHECK (second_by <> coded_by);
