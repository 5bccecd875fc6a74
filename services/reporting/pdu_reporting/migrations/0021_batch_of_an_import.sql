-- The thread that a message belongs to: of an import, its batch.
ALTER TABLE journal ADD COLUMN correlation_id uuid;
