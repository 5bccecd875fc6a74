-- A draft that somebody looks through before it is published, and who asked for that.
ALTER TABLE learning_event
    ADD COLUMN review_asked_at timestamptz,
    ADD COLUMN review_asked_by uuid,
    ADD CONSTRAINT only_a_draft_is_in_review CHECK (
        review_asked_at IS NULL OR state = 'draft'),
    ADD CONSTRAINT nobody_else_asked_for_a_review CHECK (
        review_asked_by IS NULL OR review_asked_at IS NOT NULL);
