-- How often somebody had a letter sent once more: each time is another e-mail.
ALTER TABLE letter ADD COLUMN resent smallint NOT NULL DEFAULT 0 CHECK (resent BETWEEN 0 AND 255);

-- What came back about a letter, once each: the same notice again has no effect.
CREATE TABLE returned (
    letter_id uuid        NOT NULL,
    resent    smallint    NOT NULL,
    what      text        NOT NULL CHECK (what IN ('delivered', 'bounced', 'failed', 'complained')),
    status    text        NOT NULL,
    way       text        NOT NULL CHECK (way IN ('mailbox', 'relay', 'provider')),
    at        timestamptz NOT NULL,
    PRIMARY KEY (letter_id, resent, what)
);
