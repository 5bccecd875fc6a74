"""What ends by the clock: offers that nobody answered, and places kept for some."""

from datetime import UTC, datetime
from uuid import UUID

from pdu_bookings.place.hall import lock_halls
from pdu_bookings.place.holding import release_next
from pdu_bookings.place.life import bookings_of, save
from pdu_bookings.place.offering import offer_what_is_free
from pdu_shared import outbox
from pdu_shared.again import rounds
from pdu_shared.contracts.bookings.place import WaitlistOfferExpired
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.runtime import Runtime

LOOK_EVERY = 2.0


async def end_by_the_clock(runtime: Runtime) -> None:
    """Look for offers that have expired and places kept too long, for ever."""

    async def one() -> bool:
        now = datetime.now(UTC)
        return await expire_next(runtime.database, now=now) or await release_next(
            runtime.database, now=now
        )

    await rounds(one, name="expiry", rest=LOOK_EVERY)


async def expire_next(database: Database, *, now: datetime) -> bool:
    """End what has expired at one learning event; False when there is none.

    Two copies of the worker do not disturb each other: the second finds nothing left.
    """
    async with transaction(database) as conn:
        learning_event_id = await _with_expired_offers(conn, now)
        if learning_event_id is None:
            return False
        halls = (await lock_halls(conn, [learning_event_id]))[learning_event_id]
        expired = await bookings_of(conn, await _expired(conn, learning_event_id, now))
        ended = [(one, one.ended(PlaceState.OFFER_EXPIRED, at=now)) for one in expired]
        await save(conn, halls, ended)
        told = (
            WaitlistOfferExpired(
                booking_id=one.booking_id,
                learning_event_id=learning_event_id,
                person_id=one.person_id,
            )
            for one in expired
        )
        await outbox.add(conn, *told)
        await offer_what_is_free(conn, learning_event_id, now=now)
    return True


async def _with_expired_offers(conn: Conn, now: datetime) -> UUID | None:
    learning_event_id: UUID | None = await conn.fetchval(
        """
        SELECT learning_event_id
          FROM booking
         WHERE state = 'offered' AND offer_expires_at <= $1
         ORDER BY offer_expires_at
         LIMIT 1
        """,
        now,
    )
    return learning_event_id


async def _expired(conn: Conn, learning_event_id: UUID, now: datetime) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT booking_id
          FROM booking
         WHERE learning_event_id = $1 AND state = 'offered' AND offer_expires_at <= $2
         ORDER BY booking_id
        """,
        learning_event_id,
        now,
    )
    return [row["booking_id"] for row in rows]
