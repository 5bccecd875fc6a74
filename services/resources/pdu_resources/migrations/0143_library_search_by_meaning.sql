-- What an item is about by any name is one word of its index, such as `=smd`: a search for a thing
-- with ten names looks for one word, and for no phrase. The texts lie apart from what decides the
-- order, so that this stays small; and beside it lies what can be filtered by.
DROP TABLE library_search;
CREATE TABLE library_search (
    item_id     uuid     PRIMARY KEY REFERENCES library_item,
    head        tsvector NOT NULL,
    type        text     NOT NULL,
    workstreams text[]   NOT NULL,
    tags        text[]   NOT NULL,
    scope       text,
    level       text,
    minutes     smallint
);
CREATE INDEX library_search_head ON library_search USING gin (head);

CREATE TABLE library_text (
    item_id uuid     PRIMARY KEY REFERENCES library_item,
    whole   tsvector NOT NULL
);
CREATE INDEX library_text_whole ON library_text USING gin (whole);

-- Things as words with a place, so that they can have a weight.
CREATE FUNCTION meanings_as_words(meanings text[]) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg('''=' || meaning || ''':1', ' '), '')::tsvector
      FROM unnest(meanings) AS meaning
    $$;
