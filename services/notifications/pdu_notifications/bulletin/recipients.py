"""Who gets an issue: whoever asked for its list and chose its topics, each address once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

TO_SEND = ("queued", "deferred")


async def count(conn: Conn, one: MailingList, topics: Sequence[str]) -> int:
    """How many people an issue of this list about these topics would go to now."""
    found: int = await conn.fetchval(
        """
        SELECT count(DISTINCT lower(contact.address))
          FROM subscription
          JOIN subscriber USING (subscriber_id)
          JOIN bulletin_address AS contact USING (person_id)
         WHERE list = $1 AND state = 'active'
           AND ($2::text[] = '{}' OR topics = '{}' OR topics && $2)
           AND NOT EXISTS (SELECT FROM suppression
                            WHERE suppression.address = lower(contact.address))
        """,
        one,
        list(topics),
    )
    return found


async def fix(
    conn: Conn, issue_id: UUID, one: MailingList, topics: Sequence[str], now: datetime
) -> int:
    """Make the copies of an issue, one for each address; how many."""
    done: str = await conn.execute(
        """
        INSERT INTO bulletin_copy (issue_id, person_id, subscriber_id, subscription_id, address,
                                   next_at, changed_at)
        SELECT $1, person_id, subscriber_id, subscription_id, contact.address, $4, $4
          FROM subscription
          JOIN subscriber USING (subscriber_id)
          JOIN bulletin_address AS contact USING (person_id)
         WHERE list = $2 AND state = 'active'
           AND ($3::text[] = '{}' OR topics = '{}' OR topics && $3)
           AND NOT EXISTS (SELECT FROM suppression
                            WHERE suppression.address = lower(contact.address))
         ORDER BY subscription_id
            ON CONFLICT (issue_id, lower(address)) DO NOTHING
        """,
        issue_id,
        one,
        list(topics),
        now,
    )
    return int(done.rsplit(maxsplit=1)[-1])


async def copies(conn: Conn, issue_id: UUID) -> dict[str, int]:
    """How many copies of an issue are in which state."""
    rows = await conn.fetch(
        "SELECT state, count(*) AS copies FROM bulletin_copy WHERE issue_id = $1 GROUP BY state",
        issue_id,
    )
    return {row["state"]: row["copies"] for row in rows}


async def cancel(conn: Conn, issue_id: UUID, now: datetime) -> None:
    """Send no copy that has not gone yet."""
    await conn.execute(
        """
        UPDATE bulletin_copy
           SET state = 'cancelled', reason = 'issue_withdrawn', changed_at = $2
         WHERE issue_id = $1 AND state = ANY ($3)
        """,
        issue_id,
        now,
        TO_SEND,
    )
