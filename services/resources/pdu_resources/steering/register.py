"""The register of the steering group, as each reader may see it, and whether it is balanced."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, Field

from pdu_resources.rules.steering import Seat, balance
from pdu_resources.steering.seat_rows import lock_seat, seats_on
from pdu_resources.versioned.paging import cut
from pdu_resources.versioned.seen import etag
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.resources.steering import SeatKind
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form
from pdu_shared.identity import uuid7
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["steering group"])


class Filters(Form):
    """Which seats, and which page of them."""

    past: Annotated[bool, Field(description="Also seats whose term has ended")] = False
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class SeatSeen(BaseModel):
    """A seat. The name is there for a coordinator, and for the others if it is listed."""

    seat_id: UUID
    kind: SeatKind
    name: str | None
    listed: bool
    organisation_id: UUID | None
    organisation: str | None
    sector: str | None
    role_level: str | None
    chairs: bool
    starts_on: date
    ends_on: date | None
    meetings: int = Field(description="Held in the term of the seat")
    present: int


class Register(BaseModel):
    """One page of seats. `next` goes into `after` for the following page."""

    items: list[SeatSeen]
    next: UUID | None


class BalanceSeen(BaseModel):
    """How many seats are taken, of what kind, for which sectors, and at which level."""

    on: date
    seats: int
    by_kind: dict[str, int]
    by_sector: dict[str, int] = Field(description="Also the sectors that have none")
    by_role_level: dict[str, int]
    organisations: int
    senior: int = Field(description="Seats of people who decide for a service")
    sectors_without_seat: list[str]


class Read(BaseModel):
    """Somebody looked at names that are not listed."""

    reader: UUID | None
    read_at: AwareDatetime


class Reads(BaseModel):
    """Who looked, latest first, at most 500."""

    items: list[Read]


@router.get("/steering/seats")
async def register(
    asked: Annotated[Filters, Query()], database: Store, caller: Who, now: Now
) -> Register:
    """Who sits in the steering group, newest seat first. That a coordinator looks is kept."""
    async with transaction(database) as conn:
        rows = await _seats(conn, asked, day=None if asked.past else local_day(now))
        if caller.has(Role.COORDINATOR):
            await _note_read(conn, caller, now)
    page, following = cut(
        [_seen(caller, row) for row in rows], asked.limit, lambda one: one.seat_id
    )
    return Register(items=page, next=following)


@router.get("/steering/seats/{seat_id}")
async def one(
    seat_id: UUID, database: Store, caller: Who, now: Now, response: Response
) -> SeatSeen:
    """One seat, for a coordinator who edits it. That they look is kept."""
    async with transaction(database) as conn:
        response.headers["ETag"] = etag((await lock_seat(conn, seat_id))["version"])
        [row] = await _seats(conn, Filters(limit=1), day=None, seat_id=seat_id)
        await _note_read(conn, caller, now)
    return _seen(caller, row)


@router.get("/steering/balance")
async def balanced(
    database: Store,
    now: Now,
    on: Annotated[Day | None, Query(description="Today, unless you name a day")] = None,
) -> BalanceSeen:
    """Whether the steering group is balanced: seats by kind, sector and level. No persons."""
    day = on or local_day(now)
    async with database.pool.acquire(timeout=5) as conn:
        rows = await seats_on(conn, day)
        sectors = await conn.fetch("SELECT code::text FROM sector ORDER BY place")
    seats = [
        Seat(SeatKind(row["kind"]), row["organisation_id"], row["sector"], row["role_level"])
        for row in rows
    ]
    return BalanceSeen(on=day, **asdict(balance(seats, [row["code"] for row in sectors])))


@router.get("/steering/reads")
async def reads(database: Store) -> Reads:
    """Who looked at names that are not listed."""
    rows = await database.pool.fetch(
        "SELECT reader, read_at FROM steering_read ORDER BY read_id DESC LIMIT 500"
    )
    return Reads(items=[Read(**row) for row in rows])


def _seen(caller: Caller, row: object) -> SeatSeen:
    seat = SeatSeen.model_validate(row)
    if caller.has(Role.COORDINATOR) or seat.listed:
        return seat
    return seat.model_copy(update={"name": None})


async def _seats(
    conn: Conn, asked: Filters, *, day: date | None, seat_id: UUID | None = None
) -> list[dict[str, object]]:
    rows = await conn.fetch(
        """
        SELECT seat_id, kind, name, listed, organisation_id, organisation, sector, role_level,
               chairs, starts_on, ends_on, held.meetings, held.present
          FROM seat
         CROSS JOIN LATERAL (
            SELECT count(*) AS meetings, count(*) FILTER (WHERE there.state = 'present') AS present
              FROM steering_meeting AS meeting
              LEFT JOIN steering_attendance AS there
                     ON there.meeting_id = meeting.meeting_id AND there.seat_id = seat.seat_id
             WHERE meeting.state = 'held'
               AND meets_on BETWEEN starts_on AND coalesce(ends_on, 'infinity')) AS held
         WHERE ($1::uuid IS NULL OR seat_id < $1)
           AND ($3::date IS NULL OR coalesce(ends_on, 'infinity') >= $3)
           AND ($4::uuid IS NULL OR seat_id = $4)
         ORDER BY seat_id DESC
         LIMIT $2
        """,
        asked.after,
        asked.limit + 1,
        day,
        seat_id,
    )
    return [dict(row) for row in rows]


async def _note_read(conn: Conn, caller: Caller, now: datetime) -> None:
    await conn.execute(
        "INSERT INTO steering_read (read_id, reader, read_at) VALUES ($1, $2, $3)",
        uuid7(),
        caller.sub,
        now,
    )
