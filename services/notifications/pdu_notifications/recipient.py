"""How somebody stands as a reader: whether letters reach them, and what they had lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pdu_notifications.contact_way import contact_way
from pdu_notifications.rules.courtesy import LONGEST_LOOK_BACK
from pdu_shared.contracts.vocabulary import MailingList, SubscriptionState
from pdu_shared.database import Conn


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who may be written to."""

    has_address: bool
    suppressed: bool
    otherwise: bool
    """Whether they can be reached otherwise than by e-mail."""
    stands: dict[MailingList, SubscriptionState]
    """To the lists that they ever were on."""
    sent: Sequence[tuple[MailingList, datetime]]
    """What of lists went to them lately."""

    def obstacle(self, one: MailingList | None) -> str | None:
        """What keeps a letter of this list from them; of none, what everybody gets."""
        if one is None and self.otherwise:
            return None
        if not self.has_address:
            return "no_address"
        if self.suppressed:
            return "address_suppressed"
        if one is None:
            return None
        unasked = SubscriptionState.UNSUBSCRIBED if one.must_be_asked_for else None
        state = self.stands.get(one, unasked)
        return None if state in {None, SubscriptionState.ACTIVE} else "unsubscribed"


async def recipient(conn: Conn, ids: Sequence[UUID], *, now: datetime) -> Recipient:
    """How the person with these ids stands."""
    address = await conn.fetchrow(
        """
        SELECT suppression.address IS NOT NULL AS suppressed
          FROM contact_point
          LEFT JOIN suppression ON suppression.address = lower(contact_point.address)
         WHERE contact_point.person_id = ANY ($1::uuid[])
         ORDER BY contact_point.person_id <> $2
         LIMIT 1
        """,
        ids,
        ids[0],
    )
    lists = await conn.fetch(
        """
        SELECT list, state FROM subscription JOIN subscriber USING (subscriber_id)
         WHERE person_id = ANY ($1::uuid[])
        """,
        ids,
    )
    sent = await conn.fetch(
        """
        SELECT list, changed_at FROM sent_lately
         WHERE person_id = ANY ($1::uuid[]) AND changed_at > $2
        """,
        ids,
        now - LONGEST_LOOK_BACK,
    )
    return Recipient(
        has_address=address is not None,
        suppressed=bool(address and address["suppressed"]),
        otherwise=await contact_way(conn, ids) is not None,
        stands={MailingList(row["list"]): SubscriptionState(row["state"]) for row in lists},
        sent=[(MailingList(row["list"]), row["changed_at"]) for row in sent],
    )
