-- What anything was before it was changed: who changed it and when. Never names or what people
-- wrote about themselves; those who edit leave that out.
CREATE TABLE change (
    change_id  uuid        PRIMARY KEY,
    kind       text        NOT NULL,
    of_id      uuid        NOT NULL,
    was        jsonb       NOT NULL,
    changed_by uuid,                              -- null for a machine
    changed_at timestamptz NOT NULL
);
CREATE INDEX change_of ON change (of_id, change_id);

-- Who does what: a service of an organisation, kept by that organisation. Telephone and address are
-- those that it publishes for the service, never a person's.
CREATE TABLE local_service (
    service_id      uuid        PRIMARY KEY,
    organisation_id uuid        NOT NULL,
    organisation    text        NOT NULL CHECK (organisation <> ''),
    title           text        NOT NULL CHECK (title <> ''),
    offers          text        NOT NULL CHECK (offers <> ''),
    for_whom        text        NOT NULL CHECK (for_whom <> ''),
    areas           text[]      NOT NULL CHECK (cardinality(areas) > 0),
    workstreams     text[]      NOT NULL,
    how_to_refer    text        NOT NULL CHECK (how_to_refer <> ''),
    self_referral   boolean     NOT NULL,
    opening         text,
    cost            text,
    telephone       text,
    email           text,
    website         text,
    hidden          boolean     NOT NULL DEFAULT false,
    reviewed_on     date        NOT NULL,
    review_due_on   date        NOT NULL CHECK (review_due_on > reviewed_on),
    version         integer     NOT NULL CHECK (version > 0),
    changed_at      timestamptz NOT NULL,
    words           tsvector    NOT NULL GENERATED ALWAYS AS (
           setweight(to_tsvector('english', title || ' ' || organisation), 'A')
        || setweight(to_tsvector('english', offers), 'B')
        || setweight(to_tsvector('english', for_whom), 'C')) STORED,
    CHECK (num_nonnulls(telephone, email, website) > 0)
);
CREATE UNIQUE INDEX local_service_once ON local_service (organisation_id, lower(title));
CREATE INDEX local_service_listed ON local_service (title, service_id) WHERE NOT hidden;
CREATE INDEX local_service_due ON local_service (review_due_on, service_id);
CREATE INDEX local_service_words ON local_service USING gin (words);
