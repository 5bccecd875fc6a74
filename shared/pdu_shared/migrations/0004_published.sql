-- The same in a language that plans its statement once for a connection, not once for a call.
CREATE OR REPLACE FUNCTION outbox_published(told bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    UPDATE outbox
       SET published_at = now(),
           body = CASE WHEN exchange = 'pdu.sealed' THEN '' ELSE body END
     WHERE position = ANY (told) AND published_at IS NULL;
END $$;
