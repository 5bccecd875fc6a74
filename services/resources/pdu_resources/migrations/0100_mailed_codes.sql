-- Codes that were asked for by letter. The digits are not here: they are made from the id with a
-- key that the database does not know. A row is forgotten after a day.
CREATE TABLE mailed_code (
    code_id    uuid        PRIMARY KEY,
    purpose    text        NOT NULL CHECK (purpose IN ('sign_up', 'sign_in', 'new_address')),
    address    text        NOT NULL CHECK (address <> ''),
    person_id  uuid        NOT NULL,  -- the pseudonym of the address
    asked_at   timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > asked_at),
    tries      integer     NOT NULL DEFAULT 0 CHECK (tries >= 0),
    used_at    timestamptz
);
CREATE INDEX mailed_code_asked ON mailed_code (person_id, asked_at);

-- Letters with a code that are still to be sent.
CREATE TABLE code_letter (
    code_id uuid        PRIMARY KEY REFERENCES mailed_code ON DELETE CASCADE,
    attempt smallint    NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    next_at timestamptz NOT NULL
);
CREATE INDEX code_letter_next ON code_letter (next_at);
