"""What items are found by is written down anew whenever they change, or a thing has other names."""

from collections.abc import Sequence
from uuid import UUID

from pdu_shared.database import Conn


async def index_items(conn: Conn, item_ids: Sequence[UUID]) -> None:
    """Make these items findable by their words as they are now, if they are published."""
    for statement in (_FORGET_HEAD, _FORGET_TEXT, _INDEX, _LEARN_WORDS):
        await conn.execute(statement, item_ids)


async def index_meaning(conn: Conn, meaning: str) -> None:
    """Index anew what has one of the names of this thing, or had."""
    rows = await conn.fetch(
        """
        SELECT item_id FROM library_text
         WHERE whole @@ ('''=' || $1 || '''')::tsquery
        UNION
        SELECT item_id FROM library_text, synonym
         WHERE meaning = $1 AND whole @@ phraseto_tsquery('english', term)
        """,
        meaning,
    )
    await index_items(conn, [row["item_id"] for row in rows])


async def learn_words(conn: Conn, texts: Sequence[str]) -> None:
    """Know the words of these texts as words that are right."""
    await conn.execute(
        """
        INSERT INTO library_word (word, lexeme)
        SELECT DISTINCT ON (word) word, lexeme
          FROM unnest($1::text[]) AS said,
               regexp_split_to_table(lower(said), '[^a-z0-9]+') AS word,
               unnest(tsvector_to_array(to_tsvector('english', word))) AS lexeme
         WHERE length(word) BETWEEN 3 AND 40
            ON CONFLICT DO NOTHING
        """,
        texts,
    )


_FORGET_HEAD = """
    DELETE FROM library_search
          USING library_item AS item
     WHERE library_search.item_id = item.item_id
       AND item.item_id = ANY ($1::uuid[]) AND state <> 'published'
    """
_FORGET_TEXT = """
    DELETE FROM library_text
          USING library_item AS item
     WHERE library_text.item_id = item.item_id
       AND item.item_id = ANY ($1::uuid[]) AND state <> 'published'
    """
# A thing that the title names counts as much as a word of the title, whatever name it has there.
_INDEX = """
    WITH read AS MATERIALIZED (
            SELECT item_id,
                   setweight(to_tsvector('english', title), 'A')
                || setweight(to_tsvector('english', array_to_string(tags, ' ; ')), 'B') AS top,
                   setweight(to_tsvector('english', summary), 'C')
                || setweight(to_tsvector('english', array_to_string(creators, ' ; ') || ' ; '
                             || coalesce(publisher, '') || ' ; ' || coalesce(speaker, '')), 'D')
                   AS below,
                   to_tsvector('english', body || ' ' || coalesce(
                       (SELECT string_agg(left(said, 400000), ' ') FROM library_file AS file
                         WHERE file.item_id = item.item_id), '')) AS deep,
                   type, workstreams, tags, scope, level, minutes
              FROM library_item AS item
             WHERE item_id = ANY ($1::uuid[]) AND state = 'published'),
         published AS MATERIALIZED (SELECT *, top || below || deep AS everything FROM read),
         named AS MATERIALIZED (
            SELECT meaning, phraseto_tsquery('english', term) AS name FROM synonym),
         meant AS (
            SELECT item_id,
                   array_agg(DISTINCT meaning) FILTER (WHERE top @@ name) AS in_top,
                   array_agg(DISTINCT meaning) FILTER (WHERE below @@ name) AS in_below,
                   array_agg(DISTINCT meaning) AS in_all
              FROM published JOIN named ON everything @@ name
             GROUP BY item_id),
         heads AS (
            SELECT published.*,
                   top || setweight(meanings_as_words(in_top), 'A')
                || below || setweight(meanings_as_words(in_below), 'C') AS head,
                   meanings_as_words(in_all) AS things
              FROM published LEFT JOIN meant USING (item_id)),
         texts AS (
            INSERT INTO library_text AS kept (item_id, whole)
            SELECT item_id, strip(head) || strip(deep) || strip(things) FROM heads
                ON CONFLICT (item_id) DO UPDATE SET whole = excluded.whole)
    INSERT INTO library_search AS kept
           (item_id, head, type, workstreams, tags, scope, level, minutes)
    SELECT item_id, head, type, workstreams, tags, scope, level, minutes FROM heads
        ON CONFLICT (item_id) DO UPDATE
       SET head = excluded.head, type = excluded.type, workstreams = excluded.workstreams,
           tags = excluded.tags, scope = excluded.scope, level = excluded.level,
           minutes = excluded.minutes
    """
_LEARN_WORDS = """
    INSERT INTO library_word (word, lexeme)
    SELECT DISTINCT ON (word) word, lexeme
      FROM library_item AS item,
           regexp_split_to_table(lower(concat_ws(' ', title, array_to_string(tags, ' '), summary,
               array_to_string(creators, ' '), speaker, body)), '[^a-z0-9]+') AS word,
           unnest(tsvector_to_array(to_tsvector('english', word))) AS lexeme
     WHERE item_id = ANY ($1::uuid[]) AND state = 'published' AND length(word) BETWEEN 3 AND 40
        ON CONFLICT DO NOTHING
    """
