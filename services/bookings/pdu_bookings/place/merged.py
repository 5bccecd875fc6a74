"""Ids that turn out to be one person: they have one booking at a learning event, not two."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from pdu_bookings.community.merged import join_memberships, part_memberships
from pdu_bookings.place.hall import lock_halls
from pdu_bookings.place.life import Booking, bookings_of, save
from pdu_bookings.place.offering import offer_what_is_free
from pdu_bookings.rules.hall import Hall
from pdu_bookings.rules.same_person import stays
from pdu_shared import outbox
from pdu_shared.contracts.bookings.place import SAME_PERSON, BookingCancelled
from pdu_shared.contracts.resources.member import PersonMerged, PersonUnmerged
from pdu_shared.contracts.vocabulary import CancelledBy, PlaceState
from pdu_shared.database import Conn


async def keep_alias(conn: Conn, message: PersonMerged | PersonUnmerged) -> None:
    """Keep who is whom, and who is not after all."""
    if isinstance(message, PersonUnmerged):
        await part_memberships(conn, message.merged_id)
        await _forget(conn, message.merged_id)
    else:
        await merge(conn, message, now=datetime.now(UTC))


async def merge(conn: Conn, message: PersonMerged, *, now: datetime) -> None:
    """Take two ids for one person, who has one membership in each community and one booking.

    Where both will come to an event, the other booking ends.
    """
    await join_memberships(conn, message, now=now)
    # All that is still to come: nobody books anywhere until it is known who is whom.
    halls = await lock_halls(conn, await _still_to_come(conn, now))
    await _keep(conn, message)
    ids = await _active(conn, message, list(halls))
    by_event: dict[UUID, list[Booking]] = {}
    for booking in await bookings_of(conn, ids):
        by_event.setdefault(booking.learning_event_id, []).append(booking)
    for learning_event_id, bookings in by_event.items():
        await _end_all_but_one(conn, halls[learning_event_id], bookings, now)
    await _keep_as(conn, message, ids)
    for learning_event_id in by_event:
        await offer_what_is_free(conn, learning_event_id, now=now)


async def _end_all_but_one(
    conn: Conn, halls: Sequence[Hall], bookings: Sequence[Booking], now: datetime
) -> None:
    kept = stays({one.booking_id: one.state for one in bookings})
    ended = [
        (one, one.ended(PlaceState.CANCELLED_BY_PDU, at=now, reason=SAME_PERSON))
        for one in bookings
        if one.booking_id != kept
    ]
    await save(conn, halls, ended)
    told = (
        BookingCancelled(
            booking_id=one.booking_id,
            learning_event_id=one.learning_event_id,
            person_id=one.person_id,
            by=CancelledBy.PDU,
            reason_code=SAME_PERSON,
        )
        for one, _ in ended
    )
    await outbox.add(conn, *told)


async def _still_to_come(conn: Conn, now: datetime) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT learning_event_id FROM session
         GROUP BY learning_event_id HAVING min(starts_at) > $1
        """,
        now,
    )
    return [row["learning_event_id"] for row in rows]


async def _active(
    conn: Conn, message: PersonMerged, learning_event_ids: Sequence[UUID]
) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT booking_id
          FROM booking
         WHERE learning_event_id = ANY ($3::uuid[])
           AND (person_id = $2 OR coalesce(kept_as, person_id) = $1)
           AND active
         ORDER BY booking_id
        """,
        message.kept_id,
        message.merged_id,
        learning_event_ids,
    )
    return [row["booking_id"] for row in rows]


async def _keep(conn: Conn, message: PersonMerged) -> None:
    await conn.execute(
        """
        INSERT INTO person_alias (merged_id, kept_id) VALUES ($1, $2)
            ON CONFLICT (merged_id) DO UPDATE SET kept_id = excluded.kept_id
        """,
        message.merged_id,
        message.kept_id,
    )


async def _keep_as(conn: Conn, message: PersonMerged, booking_ids: Sequence[UUID]) -> None:
    await conn.execute(
        """
        UPDATE booking SET kept_as = $1
         WHERE booking_id = ANY ($3::uuid[]) AND person_id = $2 AND active
        """,
        message.kept_id,
        message.merged_id,
        booking_ids,
    )


async def _forget(conn: Conn, merged_id: UUID) -> None:
    await conn.execute(
        """
        WITH apart AS (
            UPDATE booking SET kept_as = NULL WHERE person_id = $1 AND kept_as IS NOT NULL)
        DELETE FROM person_alias WHERE merged_id = $1
        """,
        merged_id,
    )
