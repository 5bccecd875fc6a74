"""What the library keeps about those who bring something, and who looks after it."""

from datetime import datetime, timedelta

from pdu_shared.database import Conn
from pdu_shared.holding import Holding
from pdu_shared.local_time import local_day
from pdu_shared.retention import Retention

WORDS_KEPT_FOR = timedelta(days=180)

HOLDINGS = (
    Holding(
        table="library_item",
        words="What you brought for the library, and how you want to be thanked for it",
        copy="""
            SELECT item_key, title, summary, state, credit, added_at
              FROM library_item WHERE submitted_by = ANY ($1) ORDER BY added_at
            """,
        # What nobody has moderated may name its author anywhere: only that it came stays.
        forget="""
            WITH own AS (SELECT item_id FROM library_item
                          WHERE submitted_by = ANY ($1::uuid[]) AND published_at IS NULL),
                 files AS (DELETE FROM library_file USING own
                            WHERE library_file.item_id = own.item_id
                        RETURNING stored_as),
                 leftovers AS (INSERT INTO library_leftover (stored_as, since)
                               SELECT stored_as, now() FROM files ON CONFLICT DO NOTHING),
                 changes AS (UPDATE library_change SET was = '{}' FROM own
                              WHERE library_change.item_id = own.item_id)
            UPDATE library_item AS item
               SET submitted_by = NULL, credit = NULL,
                   title = CASE WHEN own.item_id IS NULL THEN item.title ELSE '-' END,
                   sort_title = CASE WHEN own.item_id IS NULL THEN item.sort_title ELSE '-' END,
                   summary = CASE WHEN own.item_id IS NULL THEN item.summary ELSE '' END,
                   body = CASE WHEN own.item_id IS NULL THEN item.body ELSE '' END,
                   body_html = CASE WHEN own.item_id IS NULL THEN item.body_html ELSE '' END,
                   creators = CASE WHEN own.item_id IS NULL THEN item.creators ELSE '{}' END,
                   link = CASE WHEN own.item_id IS NULL THEN item.link END
              FROM library_item AS mine LEFT JOIN own USING (item_id)
             WHERE mine.item_id = item.item_id AND mine.submitted_by = ANY ($1::uuid[])
            """,
        stays="What you brought and we published stays in the library without your name.",
    ),
    Holding(
        table="library_change",
        words="What you changed in the library",
        copy="""
            SELECT item_key, what, library_change.changed_at
              FROM library_change JOIN library_item USING (item_id)
             WHERE changed_by = ANY ($1) ORDER BY change_id
            """,
        forget="UPDATE library_change SET changed_by = NULL WHERE changed_by = ANY ($1)",
        stays="What was changed stays, without who did it.",
    ),
    Holding(
        table="library_file",
        words="The files that you brought to the library",
        copy="""
            SELECT item_key, library_file.name, bytes, uploaded_at
              FROM library_file JOIN library_item USING (item_id)
             WHERE uploaded_by = ANY ($1) ORDER BY uploaded_at
            """,
        forget="UPDATE library_file SET uploaded_by = NULL WHERE uploaded_by = ANY ($1)",
        stays="The files stay, without who brought them.",
    ),
)


async def _forget_words(conn: Conn, now: datetime) -> int:
    done = await conn.execute(
        "DELETE FROM search_without_result WHERE looked_on < $1", local_day(now - WORDS_KEPT_FOR)
    )
    return int(done.rsplit(maxsplit=1)[-1])


SCHEDULE = (
    Retention(
        data_class="library.searches",
        keeps="Words that were searched for and not found, without who searched",
        kept_for=WORDS_KEPT_FOR,
        counted_from="the day of the search",
        apply=_forget_words,
    ),
)
