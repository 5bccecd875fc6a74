-- The same in a language that plans its statement once for a connection, not once for a call.
CREATE OR REPLACE FUNCTION outbox_published(told bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    UPDATE outbox
       SET published_at = now(),
           body = CASE WHEN exchange = 'pdu.sealed' THEN '' ELSE body END
     WHERE position = ANY (told) AND published_at IS NULL;
END $$;

-- The guard of the ledger looks at a row only when more than its publishing changes.
DROP TRIGGER outbox_is_a_ledger ON outbox;
CREATE TRIGGER outbox_is_a_ledger BEFORE DELETE ON outbox
    FOR EACH ROW EXECUTE FUNCTION outbox_is_a_ledger();
CREATE TRIGGER outbox_is_not_changed BEFORE UPDATE ON outbox
    FOR EACH ROW
    WHEN ((NEW.position, NEW.message_id, NEW.exchange, NEW.routing_key, NEW.subject, NEW.sequence,
           NEW.occurred_at, NEW.recorded_at)
          IS DISTINCT FROM
          (OLD.position, OLD.message_id, OLD.exchange, OLD.routing_key, OLD.subject, OLD.sequence,
           OLD.occurred_at, OLD.recorded_at)
          OR NEW.published_at IS NULL
          OR (NEW.body <> OLD.body AND NOT (OLD.exchange = 'pdu.sealed' AND NEW.body = '')))
    EXECUTE FUNCTION outbox_is_a_ledger();
