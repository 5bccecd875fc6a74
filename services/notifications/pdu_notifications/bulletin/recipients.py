"""Who gets an issue: whoever asked for its list and chose its topics, each address once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pdu_shared.contracts.vocabulary import MailingList, SubscriptionBasis
from pdu_shared.database import Conn

TO_SEND = ("queued", "deferred")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom an issue is for: those on a list, and of these only some."""

    list: MailingList
    topics: Sequence[str] = ()
    """Only those who chose one of these, or none at all."""
    sectors: Sequence[str] = ()
    work_fields: Sequence[str] = ()
    """Only those who said, when they booked, that they are of one of these sectors or fields."""

    @property
    def columns(self) -> tuple[str, Sequence[str], Sequence[str], Sequence[str]]:
        """As statements take it."""
        return self.list, [*self.topics], [*self.sectors], [*self.work_fields]


_AUDIENCE = """
          FROM subscription
          JOIN subscriber USING (subscriber_id)
          JOIN bulletin_address AS contact USING (person_id)
         WHERE list = $1 AND subscription.state = 'active'
           AND ($2::text[] = '{}' OR topics = '{}' OR topics && $2)
           AND ($3::text[] = '{}' AND $4::text[] = '{}'
                OR EXISTS (SELECT FROM booking
                            WHERE booking.person_id = subscriber.person_id
                              AND (booking.sector = ANY ($3) OR booking.work_field = ANY ($4))))
           AND NOT EXISTS (SELECT FROM suppression
                            WHERE suppression.address = lower(contact.address))
        """


async def count(conn: Conn, audience: Audience) -> dict[SubscriptionBasis, int]:
    """How many people an issue would go to now, by the basis on which they are written to."""
    rows = await conn.fetch(
        f"""
        SELECT basis, count(*) AS people
          FROM (SELECT DISTINCT ON (lower(contact.address)) basis
                {_AUDIENCE}
                 ORDER BY lower(contact.address), subscription_id) AS once
         GROUP BY basis
        """,  # noqa: S608 - the text is our own
        *audience.columns,
    )
    return {SubscriptionBasis(row["basis"]): row["people"] for row in rows}


async def fix(conn: Conn, issue_id: UUID, audience: Audience, now: datetime) -> int:
    """Make the copies of an issue, one for each address; how many."""
    done: str = await conn.execute(
        f"""
        INSERT INTO bulletin_copy (issue_id, person_id, subscriber_id, subscription_id, address,
                                   next_at, changed_at)
        SELECT $5, person_id, subscriber_id, subscription_id, contact.address, $6, $6
        {_AUDIENCE}
         ORDER BY subscription_id
            ON CONFLICT (issue_id, lower(address)) DO NOTHING
        """,
        *audience.columns,
        issue_id,
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
