"""Where people meet: described once, with the way there and what access is like."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from pdu_bookings.programme.public import Venue
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine, PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["venues"])


class DescribeVenue(Form):
    """A venue, as people who have never been there need it described."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Sneinton Hermitage",
                    "address": "1 Example Street, Nottingham",
                    "travel": "Tram to Lace Market, then ten minutes on foot",
                    "access_information": "Level entrance, hearing loop, a quiet room",
                    "city_centre": True,
                }
            ]
        }
    )

    name: PublishedLine
    address: OneLine
    travel: Annotated[PublishedLine | None, Field(description="How to get there")] = None
    access_information: Annotated[
        PublishedLine | None, Field(description="Steps, lifts, loops, toilets, quiet rooms")
    ] = None
    city_centre: StrictBool


class Venues(BaseModel):
    """The venues that are known, by name."""

    items: list[Venue]


@router.get("/venues")
async def venues(database: Store) -> Venues:
    """The venues that are known, by name."""
    async with database.pool.acquire(timeout=5) as conn:
        return Venues(items=[Venue(**row) for row in await conn.fetch(_VENUES)])


@router.post("/venues", status_code=201, response_model=Venue)
async def add(form: DescribeVenue, database: Store, asked: Asked, now: Now) -> Response:
    """Describe a venue for the first time."""
    return await once(database, asked, partial(_add, form=form, now=now))


async def _add(conn: Conn, *, form: DescribeVenue, now: datetime) -> Answer:
    venue = Venue(venue_id=uuid7(), **form.model_dump())
    await conn.execute(
        """
        INSERT INTO venue (venue_id, name, address, travel, access_information, city_centre,
                           described_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        *venue.model_dump().values(),
        now,
    )
    return Answer.of(venue)


@router.put("/venues/{venue_id}")
async def describe(venue_id: UUID, form: DescribeVenue, database: Store, now: Now) -> Venue:
    """Describe a venue anew: its sessions show it at once."""
    venue = Venue(venue_id=venue_id, **form.model_dump())
    async with transaction(database) as conn:
        found = await conn.fetchval(
            """
            UPDATE venue
               SET name = $2, address = $3, travel = $4, access_information = $5, city_centre = $6,
                   described_at = $7
             WHERE venue_id = $1
         RETURNING true
            """,
            *venue.model_dump().values(),
            now,
        )
    if not found:
        raise NotFound
    return venue


async def check_venues(conn: Conn, said: Sequence[tuple[str, UUID | None]]) -> None:
    """Raise Refused for a venue that nobody described: (pointer, venue_id)."""
    asked = {venue_id for _, venue_id in said if venue_id}
    if not asked:
        return
    rows = await conn.fetch(
        "SELECT venue_id FROM venue WHERE venue_id = ANY ($1::uuid[])", list(asked)
    )
    unknown = asked - {row["venue_id"] for row in rows}
    if faults := [
        Fault(pointer, "unknown-venue", "There is no such venue: see /venues.")
        for pointer, venue_id in said
        if venue_id in unknown
    ]:
        raise Refused(errors=faults)


_VENUES = """
    SELECT venue_id, name, address, travel, access_information, city_centre
      FROM venue
     ORDER BY name, venue_id
    """
