-- The thread that a message belongs to: of an import, its batch. Messages from before have it in
-- their body alone.
ALTER TABLE journal ADD COLUMN correlation_id uuid;
