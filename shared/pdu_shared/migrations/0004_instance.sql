-- What this city has otherwise than another, as the service heard it. Its owner has a table of its own.
CREATE TABLE instance_setting (
    key     text PRIMARY KEY,
    number  integer,
    wording text
);
