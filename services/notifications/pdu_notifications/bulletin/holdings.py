"""What is kept of whom a bulletin went to, and when it is forgotten."""

from datetime import datetime, timedelta

from pdu_shared.database import Conn
from pdu_shared.holding import Holding
from pdu_shared.retention import Retention

COPIES_KEPT_FOR = timedelta(days=90)


async def forget_copies(conn: Conn, now: datetime) -> int:
    """Forget to whom issues went that were sent long ago; how many copies. The counts stay."""
    done: str = await conn.execute(
        """
        DELETE FROM bulletin_copy USING bulletin_issue AS issue
         WHERE issue.issue_id = bulletin_copy.issue_id
           AND (issue.state IN ('sent', 'archived') AND issue.sent_at <= $1
                OR issue.state = 'withdrawn' AND issue.changed_at <= $1)
        """,
        now - COPIES_KEPT_FOR,
    )
    await conn.execute(
        """
        UPDATE bulletin_issue SET state = 'archived', version = version + 1, changed_at = $2
         WHERE state = 'sent' AND sent_at <= $1
        """,
        now - COPIES_KEPT_FOR,
        now,
    )
    return int(done.rsplit(maxsplit=1)[-1])


HOLDINGS = (
    Holding(
        table="bulletin_copy",
        words="Issues of the bulletin that went to you",
        copy="""
            SELECT issue.title, bulletin_copy.state, bulletin_copy.changed_at
              FROM bulletin_copy JOIN bulletin_issue AS issue USING (issue_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY copy_id
            """,
        forget="DELETE FROM bulletin_copy WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="bulletin_issue",
        words="Issues of the bulletin that you wrote or approved",
        copy="""
            SELECT issue_key, title, changed_at
              FROM bulletin_issue
             WHERE written_by && $1::uuid[] OR approved_by = ANY ($1::uuid[])
             ORDER BY issue_id
            """,
        stays="That an issue was written by one person and approved by another.",
    ),
)

SCHEDULE = (
    Retention(
        data_class="notifications.bulletin_copy",
        keeps="To whom an issue of the bulletin went",
        kept_for=COPIES_KEPT_FOR,
        counted_from="the end of sending it",
        apply=forget_copies,
    ),
)
