"""My activity: what I booked, learned, looked at and have certificates of, in one view."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_resources.member.same_person import ids_of
from pdu_resources.my_activity.record import Learned, learned_of
from pdu_resources.my_activity.rows import bookings_of, entries_of, looked_at
from pdu_resources.usage.activity import account_of
from pdu_shared.access import Who
from pdu_shared.database import Conn
from pdu_shared.runtime import Store

router = APIRouter(tags=["my activity"])


class MyBooking(BaseModel):
    """A booking of mine. What can be done about it stands in the letter that came with it."""

    booking_id: UUID
    learning_event_id: UUID
    title: str | None = Field(description="None where the hub has not heard of the event yet")
    state: str
    event_state: str | None = Field(description="Whether it takes place")
    booked_on: date | None
    starts_at: datetime | None
    came: bool


class LookedAt(BaseModel):
    """Something of the library that I looked at or took along."""

    item_key: str
    title: str | None
    type: str | None
    last_at: datetime


class MyReflections(BaseModel):
    """How many entries my private log has. They are read there."""

    entries: int
    latest_on: date | None


class MyActivity(BaseModel):
    """What I did, with the hub and with learning events. Only I see it."""

    bookings: list[MyBooking]
    learned: list[Learned] = Field(description="Modules, pathways and learning events")
    looked_at: list[LookedAt]
    reflections: MyReflections


@router.get("/my-activity")
async def my_activity(database: Store, caller: Who) -> MyActivity:
    """Everything of mine at a glance. Bookings are there as soon as the hub has heard of them."""
    async with database.pool.acquire(timeout=5) as conn:
        mine = await ids_of(conn, await account_of(conn, caller))
        return MyActivity(
            bookings=[MyBooking(**row) for row in await bookings_of(conn, mine)],
            learned=[learned_of(one) for one in await entries_of(conn, mine)],
            looked_at=[LookedAt(**row) for row in await looked_at(conn, mine)],
            reflections=await _reflections(conn, mine),
        )


async def _reflections(conn: Conn, person_ids: Sequence[UUID]) -> MyReflections:
    row = await conn.fetchrow(
        """
        SELECT count(*) AS entries, max(happened_on) AS latest_on
          FROM reflection
         WHERE person_id = ANY ($1::uuid[])
        """,
        list(person_ids),
    )
    assert row is not None, "a count has a row"
    return MyReflections(**row)
