-- Somebody is on their way to an OpenID provider outside, and what they must bring back from it.
ALTER TABLE sign_in ADD COLUMN outside_state_hash bytea;
ALTER TABLE sign_in ADD COLUMN outside_nonce text;
ALTER TABLE sign_in ADD COLUMN outside_verifier text;

-- Whom a provider outside calls what: found by a verified address once, and by this from then on.
CREATE TABLE outside_identity (
    issuer    text        NOT NULL,
    subject   text        NOT NULL,
    person_id uuid        NOT NULL,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX outside_identity_person ON outside_identity (person_id);
