"""How many places a session has, also after people have booked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.place.hall import lock_halls
from pdu_bookings.place.offering import offer_what_is_free
from pdu_bookings.rules.hall import Hall
from pdu_shared import outbox
from pdu_shared.contracts.bookings.place import SessionCapacityChanged
from pdu_shared.contracts.vocabulary import Attending
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["places"])

Places = Annotated[int, Field(ge=1, le=5000), WRITTEN_AS_NUMBER]


class SetCapacity(Form):
    """How many places a session has."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"capacity": 24}, {"capacity": 24, "online_capacity": 100}]}
    )

    capacity: Places = Field(description="In all; of a hybrid session those in the room")
    online_capacity: Places | None = Field(None, description="Of a hybrid session, those online")

    def places(self, hall: Hall) -> int | None:
        """How many places a hall is to have."""
        return self.online_capacity if hall.way is Attending.ONLINE else self.capacity


class Capacity(BaseModel):
    """How many places a session has, and how many are taken or kept."""

    session_id: UUID
    capacity: int
    taken: int = Field(description="Confirmed, offered, or waiting for approval")
    held: int = Field(description="Free, and kept for some")
    online_capacity: int | None
    online_taken: int


@router.put("/sessions/{session_id}/capacity")
async def set_capacity(session_id: UUID, form: SetCapacity, database: Store, now: Now) -> Capacity:
    """Give a session more places, or fewer. More are offered to those who wait, at once.

    There are never fewer than are taken: then the answer is 409 and says what can be done.
    """
    async with transaction(database) as conn:
        await resize(conn, session_id, form, now=now)
        return await _capacity(conn, session_id)


async def resize(conn: Conn, session_id: UUID, form: SetCapacity, *, now: datetime) -> None:
    """Change how many places a session has. Raises Conflict when more are taken."""
    learning_event_id = await _event_of(conn, session_id)
    halls = (await lock_halls(conn, [learning_event_id])).get(learning_event_id, [])
    mine = [hall for hall in halls if hall.session_id == session_id]
    _must_fit(mine, form)
    if all(hall.capacity == form.places(hall) for hall in mine):
        return
    await _update(conn, session_id, form)
    changed = SessionCapacityChanged(
        session_id=session_id, learning_event_id=learning_event_id, **form.model_dump()
    )
    await outbox.add(conn, changed)
    await offer_what_is_free(conn, learning_event_id, now=now)


def _must_fit(halls: Sequence[Hall], form: SetCapacity) -> None:
    if not halls:
        raise Conflict("A draft has no bookings yet: change its number of places there.")
    online = any(hall.way is Attending.ONLINE for hall in halls)
    if online is not (form.online_capacity is not None):
        because = "Say how many come online." if online else "Nobody comes online to this session."
        raise Refused(errors=[Fault("/online_capacity", "hybrid", because)])
    for hall in halls:
        if hall.taken + hall.held > (form.places(hall) or 0):
            raise Conflict(_too_few(hall))


def _too_few(hall: Hall) -> str:
    where = "online places" if hall.way is Attending.ONLINE else "places"
    kept = f" and {hall.held} are kept for some" if hall.held else ""
    return (
        f"{hall.taken} {where} are taken{kept}, so there cannot be fewer than "
        f"{hall.taken + hall.held}. Cancel some bookings first, release places that are kept, "
        "or move the session to a larger room."
    )


async def _event_of(conn: Conn, session_id: UUID) -> UUID:
    learning_event_id: UUID | None = await conn.fetchval(
        "SELECT learning_event_id FROM session WHERE session_id = $1", session_id
    )
    if learning_event_id is None:
        raise NotFound
    return learning_event_id


async def _update(conn: Conn, session_id: UUID, form: SetCapacity) -> None:
    await conn.execute(
        "UPDATE session SET capacity = $2, online_capacity = $3 WHERE session_id = $1",
        session_id,
        form.capacity,
        form.online_capacity,
    )


async def _capacity(conn: Conn, session_id: UUID) -> Capacity:
    row = await conn.fetchrow(
        """
        SELECT session_id, capacity, taken, held, online_capacity, online_taken
          FROM session
         WHERE session_id = $1
        """,
        session_id,
    )
    assert row is not None, "it was locked"
    return Capacity(**row)
