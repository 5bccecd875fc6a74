"""The places of a learning event as a coordinator sees them: taken, waited for, kept for some."""

from collections import Counter
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from pdu_bookings.place.holding import PlacesHeld
from pdu_bookings.rules.audience import Outside
from pdu_bookings.rules.shares import SHARE, Share, too_many
from pdu_shared.contracts.vocabulary import Attending, PlaceState
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["places"])


class SessionPlaces(BaseModel):
    """The places of one session, those in the room and those online."""

    session_id: UUID
    starts_at: AwareDatetime
    capacity: int
    taken: int = Field(description="Confirmed, offered, or waiting for approval")
    held: int = Field(description="Free, and kept for some")
    waiting: int
    online_capacity: int | None
    online_taken: int
    online_waiting: int


class Waits(BaseModel):
    """Somebody on the waiting list."""

    booking_id: UUID
    position: int
    attending: Attending | None
    put_first: bool = Field(description="Whether a coordinator put them first")
    outside: Outside | None = Field(description="Why they wait behind whom the event is meant for")
    sector: str
    work_field: str
    asked_at: AwareDatetime


class OrganisationShare(BaseModel):
    """An organisation with a large share of the places."""

    organisation: str
    places: int
    share: float = Field(description="Of all places that are taken, 0 to 1")


class Places(BaseModel):
    """Who has the places of a learning event, who waits for one, and what is kept for whom."""

    learning_event_id: UUID
    approval: bool = Field(description="Whether somebody decides on each who asks")
    bookings: dict[PlaceState, int] = Field(description="How many stand so, or ended so")
    sessions: list[SessionPlaces]
    held_places: list[PlacesHeld]
    waiting: list[Waits] = Field(description="In the order in which they are asked")
    large_shares: list[OrganisationShare] = Field(
        description=f"Organisations that have {SHARE:.0%} of the places, and more than a few"
    )


@router.get("/learning-events/{learning_event_id}/places")
async def places(learning_event_id: UUID, database: Store) -> Places:
    """All about the places of a learning event, at one moment."""
    async with (
        database.pool.acquire(timeout=5) as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        approval = await conn.fetchval(
            "SELECT approval FROM learning_event WHERE learning_event_id = $1", learning_event_id
        )
        if approval is None:
            raise NotFound
        taken = await _by_organisation(conn, learning_event_id)
        return Places(
            learning_event_id=learning_event_id,
            approval=approval,
            bookings=await _by_state(conn, learning_event_id),
            sessions=[SessionPlaces(**row) for row in await _sessions(conn, learning_event_id)],
            held_places=[PlacesHeld(**row) for row in await _held(conn, learning_event_id)],
            waiting=[Waits(**row) for row in await _waiting(conn, learning_event_id)],
            large_shares=[_share(one) for one in too_many(taken)],
        )


def _share(one: Share) -> OrganisationShare:
    return OrganisationShare(organisation=one.organisation, places=one.places, share=one.share)


async def _by_organisation(conn: Conn, learning_event_id: UUID) -> Counter[str | None]:
    """How many places each organisation has, by whichever of its names it was booked."""
    rows = await conn.fetch(
        """
        SELECT coalesce(min(canonical_name), min(organisation)) AS organisation, count(*) AS places
          FROM booking
          LEFT JOIN organisation_alias ON merged_id = booking.organisation_id
          LEFT JOIN organisation AS known
            ON known.organisation_id = coalesce(kept_id, booking.organisation_id)
         WHERE learning_event_id = $1 AND active AND state <> 'waitlisted'
         GROUP BY coalesce(kept_id, booking.organisation_id)
        """,
        learning_event_id,
    )
    return Counter({row["organisation"]: row["places"] for row in rows})


async def _by_state(conn: Conn, learning_event_id: UUID) -> dict[PlaceState, int]:
    rows = await conn.fetch(
        "SELECT state, count(*) FROM booking WHERE learning_event_id = $1 GROUP BY state",
        learning_event_id,
    )
    return {PlaceState(state): number for state, number in rows}


async def _sessions(conn: Conn, learning_event_id: UUID) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT session_id, starts_at, capacity, taken, held, waiting, online_capacity,
               online_taken, online_waiting
          FROM session
         WHERE learning_event_id = $1
         ORDER BY starts_at, session_id
        """,
        learning_event_id,
    )


async def _held(conn: Conn, learning_event_id: UUID) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT scheme, code, places, filled, until
          FROM held_places
         WHERE learning_event_id = $1 AND released_at IS NULL
         ORDER BY hold_id
        """,
        learning_event_id,
    )


async def _waiting(conn: Conn, learning_event_id: UUID) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT booking_id, attending, priority = 0 AS put_first, outside, sector, work_field,
               booked_at AS asked_at,
               CASE WHEN EXISTS (SELECT FROM session
                                  WHERE session.learning_event_id = $1 AND parallel IS NOT NULL)
                    THEN waiting_position(booking)
                    ELSE row_number() OVER (PARTITION BY attending ORDER BY priority, turn) END
               AS position
          FROM booking
         WHERE learning_event_id = $1 AND state = 'waitlisted'
         ORDER BY priority, turn
        """,
        learning_event_id,
    )
