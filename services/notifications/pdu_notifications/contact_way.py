"""How to reach somebody otherwise than by e-mail: by text message, by telephone, on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pdu_notifications.rules.channel import Reach
from pdu_shared.contracts.bookings.place import BookingLinkIssued, ContactPoint
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn
from pdu_shared.phone import BadNumber, number


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactWay:
    """What somebody wishes, and where the ways to them lead."""

    wishes: Channel
    phone: str | None = None
    through: str | None = None
    """Through whom, in words for a person."""
    postal_address: str | None = None

    def lacks(self) -> Channel | None:
        """The way that they wish, when nobody said where it leads. Of e-mail we know otherwise."""
        leads = {
            Channel.SMS: self.phone,
            Channel.PHONE: self.phone or self.through,
            Channel.POST: self.postal_address,
            Channel.EMAIL: "in the address book",
        }
        return None if leads[self.wishes] else self.wishes


def as_told(message: BookingLinkIssued) -> ContactWay | None:
    """What a booking says of other ways than e-mail; None when it says nothing."""
    points = (ContactPoint(channel=message.channel, address=message.address), *message.also)
    phone = through = postal_address = None
    for point in points:
        match point.channel:
            case Channel.POST:
                postal_address = point.address
            case Channel.SMS | Channel.PHONE:
                try:
                    phone = number(point.address)
                except BadNumber:
                    through = point.address
    if phone is through is postal_address is None:
        return None
    return ContactWay(
        wishes=message.channel, phone=phone, through=through, postal_address=postal_address
    )


async def keep(  # noqa: PLR0913 - who, how, and who says so
    conn: Conn,
    person_id: UUID,
    way: ContactWay,
    *,
    name: str,
    told_by: UUID,
    now: datetime,
    arranged_by: UUID | None = None,
) -> None:
    """Keep how to reach somebody. The newest word wins."""
    await conn.execute(
        """
        INSERT INTO contact_way (person_id, name, wishes, phone, through, postal_address,
                                 arranged_by, kept_at, told_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (person_id) DO UPDATE
           SET name = excluded.name, wishes = excluded.wishes, phone = excluded.phone,
               through = excluded.through, postal_address = excluded.postal_address,
               arranged_by = excluded.arranged_by, kept_at = excluded.kept_at,
               told_by = excluded.told_by
         WHERE contact_way.told_by < excluded.told_by
        """,
        person_id,
        name,
        way.wishes,
        way.phone,
        way.through,
        way.postal_address,
        arranged_by,
        now,
        told_by,
    )


async def contact_way(conn: Conn, person_ids: Sequence[UUID]) -> ContactWay | None:
    """How to reach the person with these ids otherwise than by e-mail, if somebody said so."""
    row = await conn.fetchrow(
        """
        SELECT wishes, phone, through, postal_address
          FROM contact_way
         WHERE person_id = ANY ($1::uuid[])
         ORDER BY told_by DESC
         LIMIT 1
        """,
        person_ids,
    )
    return ContactWay(**{**row, "wishes": Channel(row["wishes"])}) if row else None


def reach(way: ContactWay | None, *, email: str | None) -> Reach:
    """All that is known, for the rule that chooses."""
    if way is None:
        return Reach(email=email)
    return Reach(
        wishes=way.wishes,
        email=email,
        phone=way.phone,
        through=way.through,
        postal_address=way.postal_address,
    )
