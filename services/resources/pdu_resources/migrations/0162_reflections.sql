-- What members write for themselves. No route gives it to anybody else, and it is in no message.
CREATE TABLE reflection (
    reflection_id uuid        PRIMARY KEY,
    person_id     uuid        NOT NULL,
    text          text        NOT NULL CHECK (text <> ''),
    about_kind    text        CHECK (about_kind IN ('module', 'item', 'recording', 'event')),
    about_ref     text,
    happened_on   date        NOT NULL,
    version       integer     NOT NULL DEFAULT 1 CHECK (version >= 1),
    written_at    timestamptz NOT NULL,
    changed_at    timestamptz NOT NULL,
    CHECK ((about_kind IS NULL) = (about_ref IS NULL))
);
CREATE INDEX reflection_person ON reflection (person_id, reflection_id);
