-- Who may ask us to sign people in, or sign in themselves: front ends and integrations.
CREATE TABLE client (
    client_id     text        PRIMARY KEY CHECK (client_id ~ '^[a-z][a-z0-9-]{1,39}$'),
    name          text        NOT NULL CHECK (name <> ''),
    confidential  boolean     NOT NULL,  -- it can keep a secret
    pageless      boolean     NOT NULL,  -- it may draw the pages of signing in itself
    redirect_uris text[]      NOT NULL,
    scopes        text[]      NOT NULL,
    changed_at    timestamptz NOT NULL,
    disabled_at   timestamptz
);

-- Of a secret only its hash is kept: it is random and long. Two at a time, so that it can change.
CREATE TABLE client_secret (
    secret_hash bytea       PRIMARY KEY,
    client_id   text        NOT NULL REFERENCES client ON DELETE CASCADE,
    made_at     timestamptz NOT NULL,
    made_by     uuid
);
CREATE INDEX client_secret_of ON client_secret (client_id);

-- Somebody is signing in. `handle_hash` is what their browser or front end holds, hashed.
CREATE TABLE sign_in (
    handle_hash    bytea       PRIMARY KEY,
    client_id      text        NOT NULL REFERENCES client ON DELETE CASCADE,
    redirect_uri   text        NOT NULL,
    code_challenge text        NOT NULL,
    scope          text        NOT NULL,
    state          text,
    nonce          text,
    code_id        uuid,                  -- the mailed code that is waited for
    person_id      uuid,                  -- once they have shown whose mail they read
    amr            text[]      NOT NULL DEFAULT '{}',
    factor_tries   smallint    NOT NULL DEFAULT 0,
    started_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL
);
CREATE INDEX sign_in_expires ON sign_in (expires_at);
CREATE INDEX sign_in_person ON sign_in (person_id) WHERE person_id IS NOT NULL;

-- Somebody is signed in at a front end until it ends: every refresh token of it goes back here.
CREATE TABLE signed_in (
    signed_in_id  uuid        PRIMARY KEY,
    person_id     uuid        NOT NULL,
    client_id     text        NOT NULL REFERENCES client ON DELETE CASCADE,
    scope         text        NOT NULL,
    amr           text[]      NOT NULL,
    started_at    timestamptz NOT NULL,
    last_used_at  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    ended_because text        CHECK ((ended_because IS NULL) = (ended_at IS NULL))
);
CREATE INDEX signed_in_person ON signed_in (person_id);

CREATE TABLE authorization_code (
    code_hash      bytea       PRIMARY KEY,
    signed_in_id   uuid        NOT NULL REFERENCES signed_in ON DELETE CASCADE,
    redirect_uri   text        NOT NULL,
    code_challenge text        NOT NULL,
    nonce          text,
    expires_at     timestamptz NOT NULL,
    used_at        timestamptz
);
CREATE INDEX authorization_code_of ON authorization_code (signed_in_id);

CREATE TABLE refresh_token (
    token_hash   bytea       PRIMARY KEY,
    signed_in_id uuid        NOT NULL REFERENCES signed_in ON DELETE CASCADE,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz
);
CREATE INDEX refresh_token_of ON refresh_token (signed_in_id);

-- Who was given which role, by whom, from when to when. A row is closed, never taken away.
CREATE TABLE role_grant (
    grant_id  uuid        PRIMARY KEY,
    person_id uuid        NOT NULL,
    role      text        NOT NULL,
    given_at  timestamptz NOT NULL,
    given_by  uuid,                       -- none: by whoever runs the machine
    ends_at   timestamptz CHECK (ends_at > given_at),
    taken_at  timestamptz,
    taken_by  uuid
);
CREATE UNIQUE INDEX role_grant_once ON role_grant (person_id, role) WHERE taken_at IS NULL;

-- The second factor of somebody: an authenticator app (RFC 6238). The secret is sealed with a key
-- that the database does not know.
CREATE TABLE second_factor (
    person_id       uuid        PRIMARY KEY,
    may_set_up_until timestamptz NOT NULL,
    secret          bytea,
    set_up_at       timestamptz,
    last_step       bigint      NOT NULL DEFAULT 0,  -- no code is good twice
    failures        smallint    NOT NULL DEFAULT 0,
    locked_until    timestamptz,
    CHECK (set_up_at IS NULL OR secret IS NOT NULL)
);
