-- An account stays the same one when its address changes: `address_id` is the pseudonym of the
-- present address where that is another than the first. Whoever leaves has neither name nor address.
ALTER TABLE member
    ALTER COLUMN address DROP NOT NULL,
    ADD COLUMN address_id uuid,
    ADD COLUMN interests  text[]      NOT NULL DEFAULT '{}',  -- codes of work streams
    ADD COLUMN version    integer     NOT NULL DEFAULT 1 CHECK (version >= 1),
    ADD COLUMN changed_at timestamptz,
    ADD COLUMN closed_at  timestamptz,
    ADD CHECK (closed_at IS NULL OR (name IS NULL AND address IS NULL)),
    ADD CHECK (closed_at IS NOT NULL OR address IS NOT NULL);
CREATE UNIQUE INDEX member_at ON member (coalesce(address_id, person_id));

-- Who a member was before: each row until the day on which they said something else.
CREATE TABLE earlier_profile (
    person_id    uuid        NOT NULL REFERENCES member ON DELETE CASCADE,
    version      integer     NOT NULL,
    organisation text        CHECK (organisation <> ''),
    sector       code        NOT NULL,
    work_field   code        NOT NULL,
    role_level   code        NOT NULL,
    area         code        NOT NULL,
    interests    text[]      NOT NULL,
    since        timestamptz NOT NULL,
    until        timestamptz NOT NULL CHECK (until >= since),
    PRIMARY KEY (person_id, version)
);
