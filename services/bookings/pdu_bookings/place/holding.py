"""Places kept for people of a sector or work field that is under-represented, until a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pdu_bookings.category import Categories
from pdu_bookings.place.hall import Counts, count, lock_halls
from pdu_bookings.place.offering import offer_what_is_free
from pdu_bookings.rules.booking import closed
from pdu_bookings.rules.hall import Hall, Scheme, starts_at
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import Attending
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form, LocalMoment
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["places"])


class HoldPlaces(Form):
    """Places that are kept for some."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"scheme": "sector", "code": "statutory", "places": 5, "until": "2027-01-07T09:00"}
            ]
        }
    )

    scheme: Scheme = Field(description="What they are kept by")
    code: Code = Field(description="The sector or work field that they are kept for")
    places: Annotated[int, Field(ge=0, le=5000), WRITTEN_AS_NUMBER] = Field(
        description="How many in all, with those that people of it got already; 0 keeps none"
    )
    until: LocalMoment = Field(description="Then those that are left are for everybody")


class PlacesHeld(BaseModel):
    """Places that are kept for some, and how many of them people have."""

    scheme: Scheme
    code: Code
    places: int
    filled: int
    until: AwareDatetime


@router.put("/learning-events/{learning_event_id}/held-places")
async def hold_places(
    learning_event_id: UUID, form: HoldPlaces, runtime: Here, now: Now
) -> PlacesHeld:
    """Keep places of every session for people of one sector or work field, from now on.

    What is kept no longer is offered to those who wait, at once. Nobody loses a place by it.
    """
    await runtime.part(Categories).check([("/code", form.scheme, form.code)])
    async with transaction(runtime.database) as conn:
        halls = (await lock_halls(conn, [learning_event_id])).get(learning_event_id, [])
        if not halls:
            raise NotFound
        if because := closed(halls, now=now):
            raise Conflict(because.because)
        if any(hall.parallel for hall in halls):
            raise Conflict("People choose among its sessions, so no places of all are kept.")
        if not now < form.until <= starts_at(halls):
            until = "Give a time between now and the start of the event."
            raise Refused(errors=[Fault("/until", "out-of-range", until)])
        standing = await _standing(conn, learning_event_id, form)
        if form.places < standing.filled:
            raise Conflict(f"{standing.filled} of these are filled, so fewer cannot be kept.")
        await _keep(conn, halls, form.places - standing.places)
        await _upsert(conn, learning_event_id, form)
        await offer_what_is_free(conn, learning_event_id, now=now)
    return PlacesHeld(
        scheme=form.scheme,
        code=form.code,
        places=form.places,
        filled=standing.filled,
        until=form.until,
    )


async def release_next(database: Database, *, now: datetime) -> bool:
    """Give what is kept too long at one learning event to everybody; False when nothing is."""
    async with transaction(database) as conn:
        learning_event_id = await _with_holds_that_end(conn, now)
        if learning_event_id is None:
            return False
        halls = (await lock_halls(conn, [learning_event_id]))[learning_event_id]
        await _keep(conn, halls, -await _release(conn, learning_event_id, now))
        await offer_what_is_free(conn, learning_event_id, now=now)
    return True


@dataclass(frozen=True, slots=True)
class _Standing:
    places: int = 0
    filled: int = 0


async def _keep(conn: Conn, halls: Sequence[Hall], more: int) -> None:
    """Keep so many more places, or fewer, of every session. Raises Conflict."""
    room = [hall for hall in halls if hall.way is not Attending.ONLINE]
    free = min(hall.capacity - hall.taken - hall.held for hall in room)
    if more > free:
        raise Conflict(f"Only {free} places are free, so no more than that can be kept.")
    counts = Counts()
    for hall in room:
        counts.add(hall, held=more)
    await count(conn, counts)


async def _standing(conn: Conn, learning_event_id: UUID, form: HoldPlaces) -> _Standing:
    row = await conn.fetchrow(
        """
        SELECT places, filled
          FROM held_places
         WHERE learning_event_id = $1 AND scheme = $2 AND code = $3 AND released_at IS NULL
        """,
        learning_event_id,
        form.scheme,
        form.code,
    )
    return _Standing(*row) if row else _Standing()


async def _upsert(conn: Conn, learning_event_id: UUID, form: HoldPlaces) -> None:
    await conn.execute(
        """
        INSERT INTO held_places (hold_id, learning_event_id, scheme, code, places, until)
        VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (learning_event_id, scheme, code) WHERE released_at IS NULL
            DO UPDATE SET places = excluded.places, until = excluded.until
        """,
        uuid7(),
        learning_event_id,
        form.scheme,
        form.code,
        form.places,
        form.until,
    )


async def _with_holds_that_end(conn: Conn, now: datetime) -> UUID | None:
    learning_event_id: UUID | None = await conn.fetchval(
        """
        SELECT learning_event_id
          FROM held_places
         WHERE released_at IS NULL AND until <= $1
         ORDER BY until
         LIMIT 1
        """,
        now,
    )
    return learning_event_id


async def _release(conn: Conn, learning_event_id: UUID, now: datetime) -> int:
    """How many places were still kept."""
    rows = await conn.fetch(
        """
        UPDATE held_places SET released_at = $2
         WHERE learning_event_id = $1 AND released_at IS NULL AND until <= $2
     RETURNING places - filled AS left
        """,
        learning_event_id,
        now,
    )
    return sum(row["left"] for row in rows)
