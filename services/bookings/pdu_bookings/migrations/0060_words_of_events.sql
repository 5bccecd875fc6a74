-- What somebody finds a learning event by. Titles count before what is said of it, which decides nothing
-- yet: the programme stands in the order of its days.
CREATE FUNCTION words_of_event(
    title text, purpose text, outcomes text[], topics text[], workstreams text[]
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('english', title), 'A')
        || setweight(to_tsvector('english',
               translate(array_to_string(topics || workstreams, ' ; '), '_-', '  ')), 'B')
        || setweight(to_tsvector('english',
               coalesce(purpose, '') || ' ; ' || array_to_string(outcomes, ' ; ')), 'C')
    $$;

ALTER TABLE learning_event
    ADD COLUMN words tsvector NOT NULL
        GENERATED ALWAYS AS (words_of_event(title, purpose, outcomes, topics, workstreams)) STORED;
CREATE INDEX learning_event_words ON learning_event USING gin (words);
