-- The ledger of what this service told the others. Rows are facts: a trigger keeps them.
CREATE TABLE outbox (
    position     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id   uuid        NOT NULL UNIQUE,
    exchange     text        NOT NULL,
    routing_key  text        NOT NULL,
    subject      text        NOT NULL,
    sequence     bigint      NOT NULL,
    body         text        NOT NULL,  -- text, not jsonb: one body, byte for byte, everywhere
    occurred_at  timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    UNIQUE (exchange, subject, sequence)
);
CREATE INDEX outbox_unpublished ON outbox (position) WHERE published_at IS NULL;

CREATE FUNCTION outbox_is_a_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (NEW.position, NEW.message_id, NEW.exchange, NEW.routing_key, NEW.subject, NEW.sequence,
            NEW.occurred_at, NEW.recorded_at)
         = (OLD.position, OLD.message_id, OLD.exchange, OLD.routing_key, OLD.subject, OLD.sequence,
            OLD.occurred_at, OLD.recorded_at)
       AND (NEW.body = OLD.body OR (OLD.exchange = 'pdu.sealed' AND NEW.body = ''))
       AND NEW.published_at IS NOT NULL
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the outbox is a ledger: what was told is not changed';
END $$;
CREATE TRIGGER outbox_is_a_ledger BEFORE UPDATE OR DELETE ON outbox
    FOR EACH ROW EXECUTE FUNCTION outbox_is_a_ledger();
CREATE TRIGGER outbox_is_never_emptied BEFORE TRUNCATE ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION outbox_is_a_ledger();

-- The only way to mark rows as published. Sealed bodies are emptied: they hold contact points,
-- and their owner can seal them again from its own tables.
CREATE FUNCTION outbox_published(told bigint[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    UPDATE outbox
       SET published_at = now(),
           body = CASE WHEN exchange = 'pdu.sealed' THEN '' ELSE body END
     WHERE position = ANY (told) AND published_at IS NULL
$$;

-- What each listener did with each message: the reason why a repeated message has one effect.
CREATE TABLE inbox (
    listener    text        NOT NULL,
    message_id  uuid        NOT NULL,
    stream      text        NOT NULL,  -- publisher and subject: within it messages have an order
    sequence    bigint      NOT NULL,
    body_hash   bytea       NOT NULL,
    state       text        NOT NULL CHECK (state IN ('done', 'stale', 'waiting', 'parked')),
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (message_id, listener)
);
CREATE INDEX inbox_newest ON inbox (stream, listener, sequence DESC);

-- Messages whose listener failed, until it is tried again.
CREATE TABLE waiting (
    position   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    listener   text        NOT NULL,
    message_id uuid        NOT NULL,
    stream     text        NOT NULL,
    attempt    integer     NOT NULL,
    next_at    timestamptz NOT NULL,
    first_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason     text        NOT NULL,
    body       text        NOT NULL,
    UNIQUE (message_id, listener)
);
CREATE INDEX waiting_due ON waiting (next_at);
CREATE INDEX waiting_stream ON waiting (stream, listener);

-- Messages set aside with their reason, until an operator decides.
CREATE TABLE parked (
    parked_id       uuid        PRIMARY KEY,
    listener        text,
    message_id      uuid,
    routing_key     text,
    reason          text        NOT NULL,
    detail          text        NOT NULL,
    service_version text        NOT NULL,
    first_seen      timestamptz NOT NULL DEFAULT clock_timestamp(),
    body            bytea       NOT NULL,
    resolved_at     timestamptz,
    resolution      text        CHECK (resolution IN ('replayed', 'discarded'))
);
CREATE INDEX parked_open ON parked (first_seen) WHERE resolved_at IS NULL;

-- The first answer to each creating request, for whoever repeats it.
CREATE TABLE idempotency (
    client       text        NOT NULL,
    route        text        NOT NULL,
    key          text        NOT NULL,
    request_hash bytea       NOT NULL,
    status       integer     NOT NULL,
    answer       text        NOT NULL,
    answered_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client, route, key)
);
CREATE INDEX idempotency_age ON idempotency (answered_at);

-- After an erasure the same address gives a new person: the first pseudonym of the address, and
-- how many erasures it has behind it.
CREATE TABLE person_erased (
    person_id  uuid        PRIMARY KEY,
    generation integer     NOT NULL CHECK (generation > 0),
    erased_at  timestamptz NOT NULL DEFAULT now()
);
