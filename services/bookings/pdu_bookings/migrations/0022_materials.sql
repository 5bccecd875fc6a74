-- Where to find what was shown or handed out: an address, or an item of the hub.
CREATE TABLE material (
    material_id       uuid        PRIMARY KEY,
    learning_event_id uuid        NOT NULL REFERENCES learning_event,
    kind              text        NOT NULL CHECK (kind IN (
        'slides', 'handout', 'recording', 'link')),
    title             text        NOT NULL,
    url               text,
    item_id           uuid,
    added_at          timestamptz NOT NULL,
    CHECK (num_nonnulls(url, item_id) = 1),
    CONSTRAINT recordings_are_played_by_members CHECK (kind <> 'recording' OR item_id IS NOT NULL)
);
CREATE INDEX material_of_event ON material (learning_event_id);
