-- Somebody who asked for a list. Links to preferences are for this id, and die with it.
CREATE TABLE subscriber (
    subscriber_id uuid        PRIMARY KEY,
    person_id     uuid        NOT NULL UNIQUE,
    topics        text[]      NOT NULL DEFAULT '{}',
    asked_at      timestamptz NOT NULL
);

CREATE TABLE subscription (
    subscription_id uuid        PRIMARY KEY,
    subscriber_id   uuid        NOT NULL REFERENCES subscriber ON DELETE CASCADE,
    list            text        NOT NULL CHECK (list IN ('bulletin', 'opportunities', 'alerts')),
    state           text        NOT NULL CHECK (state IN (
        'pending_confirmation', 'active', 'unsubscribed', 'suppressed')),
    basis           text        NOT NULL CHECK (basis IN ('consent', 'soft_opt_in')),
    wording         integer     NOT NULL,
    source          text,
    changed_at      timestamptz NOT NULL,
    UNIQUE (subscriber_id, list)
);
CREATE INDEX subscription_to_write_to ON subscription (list) WHERE state = 'active';

-- How each subscription came to be as it is: the evidence of a consent. Rows are only added.
CREATE TABLE subscription_step (
    step_id         uuid        PRIMARY KEY,
    subscription_id uuid        NOT NULL REFERENCES subscription ON DELETE CASCADE,
    state           text        NOT NULL,
    basis           text        NOT NULL,
    wording         integer     NOT NULL,
    how             text        NOT NULL CHECK (how IN (
        'form', 'confirmation', 'preferences', 'one_click', 'complaint', 'soft_opt_in')),
    at              timestamptz NOT NULL
);
CREATE INDEX subscription_steps ON subscription_step (subscription_id);

-- What people read before they ask for a list. A new version is a new row.
CREATE TABLE consent_wording (
    version      integer     PRIMARY KEY,
    words        text        NOT NULL,
    applies_from timestamptz NOT NULL
);
INSERT INTO consent_wording VALUES (1,
    'The Practice Development Unit (PDU) may write to me about what I choose here, until I say stop. '
    'Every letter has a link for that. My address is used for nothing else and given to nobody.',
    '2026-01-01T00:00:00Z');

-- The work streams that alerts can be about, as the hub tells them.
CREATE TABLE topic (
    code  text PRIMARY KEY,
    label text NOT NULL
);
