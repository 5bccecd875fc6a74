-- The lists that everybody uses. `place` is the order in which they are shown.
CREATE DOMAIN code AS text CHECK (VALUE ~ '^[a-z0-9][a-z0-9_.-]{0,63}$');

CREATE TABLE sector (
    code  code     PRIMARY KEY,
    label text     NOT NULL CHECK (label <> ''),
    place smallint NOT NULL
);

CREATE TABLE work_field (
    code  code     PRIMARY KEY,
    label text     NOT NULL CHECK (label <> ''),
    place smallint NOT NULL
);

CREATE TABLE role_level (
    code  code     PRIMARY KEY,
    label text     NOT NULL CHECK (label <> ''),
    place smallint NOT NULL
);

CREATE TABLE area (
    code  code     PRIMARY KEY,
    label text     NOT NULL CHECK (label <> ''),
    place smallint NOT NULL
);

CREATE TABLE heard_about (
    code  code     PRIMARY KEY,
    label text     NOT NULL CHECK (label <> ''),
    place smallint NOT NULL
);

-- The code stays when a work stream is renamed: what happened under the old name still counts.
CREATE TABLE workstream (
    code       code     NOT NULL,
    label      text     NOT NULL CHECK (label <> ''),
    valid_from date     NOT NULL,
    valid_to   date     CHECK (valid_to >= valid_from),
    place      smallint NOT NULL,
    PRIMARY KEY (code, valid_from)
);
CREATE UNIQUE INDEX workstream_one_open_label ON workstream (code) WHERE valid_to IS NULL;

CREATE TABLE project_year (
    code       code    PRIMARY KEY,
    label      text    NOT NULL CHECK (label <> ''),
    starts_on  date    NOT NULL UNIQUE,
    ends_on    date    NOT NULL UNIQUE CHECK (ends_on >= starts_on),
    is_partial boolean NOT NULL
);

-- Who has an account. One row for each person: their pseudonym is made from the address.
CREATE TABLE member (
    person_id     uuid        PRIMARY KEY,
    name          text        NOT NULL CHECK (name <> ''),
    address       text        NOT NULL CHECK (address <> ''),
    organisation  text        CHECK (organisation <> ''),  -- as typed, until somebody matches it
    sector        code        NOT NULL REFERENCES sector,
    work_field    code        NOT NULL REFERENCES work_field,
    role_level    code        NOT NULL REFERENCES role_level,
    area          code        NOT NULL REFERENCES area,
    registered_at timestamptz NOT NULL,
    registered_on date        NOT NULL  -- the local day
);
