-- How many letters lie between two words.
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- What published items are found by. `head` is small, and decides the order; `whole` has every word.
CREATE TABLE library_search (
    item_id uuid     PRIMARY KEY REFERENCES library_item,
    head    tsvector NOT NULL,
    whole   tsvector NOT NULL
);
CREATE INDEX library_search_whole ON library_search USING gin (whole);

-- Every word of the library, so that a word with a mistake in it is known as one.
CREATE TABLE library_word (
    word   text PRIMARY KEY,
    lexeme text NOT NULL
);
CREATE INDEX library_word_lexeme ON library_word (lexeme);
CREATE INDEX library_word_like ON library_word USING gin (word gin_trgm_ops);

-- The word of the library that was probably meant. Two letters that changed places leave few groups
-- of three as they were, so the net is wide, and the distance decides among what is in it.
CREATE FUNCTION likely_word(said text) RETURNS text LANGUAGE sql STABLE
    SET pg_trgm.similarity_threshold = 0.18 AS $$
    SELECT word
      FROM library_word
     WHERE word % said
       AND abs(length(word) - length(said)) <= 2
       AND levenshtein(word, said) <= greatest(1, length(said) / 3)
     ORDER BY levenshtein(word, said), similarity(word, said) DESC, word
     LIMIT 1
    $$;

-- What else a thing is called, or was called.
CREATE TABLE synonym (
    meaning code     NOT NULL,
    term    text     NOT NULL CHECK (term ~ '^[a-z0-9]+( [a-z0-9]+){0,7}$'),
    place   smallint NOT NULL,
    PRIMARY KEY (meaning, term)
);

-- What was looked for and not found: words and a day, and nobody's name.
CREATE TABLE search_without_result (
    words     text NOT NULL,
    looked_on date NOT NULL,
    times     integer NOT NULL DEFAULT 1,
    PRIMARY KEY (words, looked_on)
);
CREATE INDEX search_without_result_day ON search_without_result (looked_on);
