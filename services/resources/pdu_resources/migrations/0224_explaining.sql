-- What happened in the world while figures went up or down.
CREATE TABLE annotation (
    annotation_id uuid        PRIMARY KEY,
    code          code        NOT NULL UNIQUE,
    label         text        NOT NULL CHECK (label <> ''),
    starts_on     date        NOT NULL,
    ends_on       date        CHECK (ends_on >= starts_on),
    withdrawn     boolean     NOT NULL DEFAULT false,
    changed_at    timestamptz NOT NULL
);

-- What was told under one word counts under another. What was told stays as it is.
CREATE TABLE recoding (
    recoding_id     uuid        PRIMARY KEY,
    code            code        NOT NULL UNIQUE,
    scheme          text        NOT NULL
                    CHECK (scheme IN ('sector', 'work_field', 'role_level', 'area')),
    source_code     code        NOT NULL,
    canonical_code  code        NOT NULL CHECK (canonical_code <> source_code),
    organisation_id uuid,
    valid_from      date,
    valid_to        date        CHECK (valid_to >= valid_from),
    note            text        NOT NULL CHECK (note <> ''),
    withdrawn       boolean     NOT NULL DEFAULT false,
    changed_at      timestamptz NOT NULL
);
