"""Who pays for a learning event, who does not and why: what a coordinator needs for invoices."""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.category import local_areas
from pdu_bookings.charge.price import price_of
from pdu_bookings.rules.charge import Charge, Price, Waived, charge
from pdu_shared.access import Who
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, snapshot, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["charges"])


class Spare(Form):
    """Why somebody does not pay."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason_code": "speaks_there"}]})

    reason_code: Code = Field(description="A word for figures, such as `hardship`")


class WaivedFor(BaseModel):
    """How many do not pay for one reason."""

    waived: Waived
    reason_code: str | None = Field(description="What the coordinator gave as reason")
    people: int


class OrganisationPays(BaseModel):
    """What one organisation pays, for how many."""

    organisation: str | None = Field(description="Null for those who named none")
    organisation_id: UUID | None
    people: int
    pence: int


class Charges(BaseModel):
    """Who pays for a learning event: of those who hold a confirmed place."""

    learning_event_id: UUID
    people: int
    pay: int
    pence: int
    waived: list[WaivedFor]
    organisations: list[OrganisationPays] = Field(description="The largest sum first")


@router.get("/learning-events/{learning_event_id}/charges")
async def charges(learning_event_id: UUID, database: Store) -> Charges:
    """Who pays, who does not and why, and what each organisation owes."""
    async with snapshot(database) as conn:
        found = await conn.fetchval(
            "SELECT true FROM learning_event WHERE learning_event_id = $1", learning_event_id
        )
        if not found:
            raise NotFound
        price, _ = await price_of(conn, learning_event_id)
        rows = await _confirmed(conn, learning_event_id)
        local = await local_areas(conn)
    each = [(row, _charge(price, row, local)) for row in rows]
    return _counted(learning_event_id, each)


@router.put("/bookings/{booking_id}/charge-waiver", status_code=204)
async def spare(booking_id: UUID, form: Spare, database: Store, caller: Who, now: Now) -> Response:
    """Spare somebody the charge. Another reason replaces the one before."""
    async with transaction(database) as conn:
        if not await _spare(conn, booking_id, form.reason_code, min(caller.roles), now):
            raise NotFound
    return Response(status_code=204)


@router.delete("/bookings/{booking_id}/charge-waiver", status_code=204)
async def spare_no_more(booking_id: UUID, database: Store) -> Response:
    """Take that back. Twice is once."""
    async with transaction(database) as conn:
        await conn.execute("DELETE FROM charge_waiver WHERE booking_id = $1", booking_id)
    return Response(status_code=204)


def _counted(learning_event_id: UUID, each: Sequence[tuple[asyncpg.Record, Charge]]) -> Charges:
    waived = Counter((one.waived, row["reason_code"]) for row, one in each if one.waived)
    owed: dict[UUID | None, list[tuple[str | None, int]]] = {}
    for row, one in each:
        if one.pence:
            owed.setdefault(row["organisation_id"], []).append((row["organisation"], one.pence))
    organisations = [
        OrganisationPays(
            organisation=min((name for name, _ in theirs if name), default=None),
            organisation_id=organisation_id,
            people=len(theirs),
            pence=sum(pence for _, pence in theirs),
        )
        for organisation_id, theirs in owed.items()
    ]
    return Charges(
        learning_event_id=learning_event_id,
        people=len(each),
        pay=sum(one.pence > 0 for _, one in each),
        pence=sum(one.pence for _, one in each),
        waived=[
            WaivedFor(waived=why, reason_code=reason_code, people=people)
            for (why, reason_code), people in waived.most_common()
        ],
        organisations=sorted(organisations, key=lambda one: (-one.pence, one.organisation or "")),
    )


def _charge(price: Price | None, row: asyncpg.Record, local: AbstractSet[str]) -> Charge:
    spared = row["reason_code"] is not None
    area, role_level = row["area"], row["role_level"]
    return charge(price, area=area, role_level=role_level, spared=spared, local_areas=local)


async def _confirmed(conn: Conn, learning_event_id: UUID) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT area, role_level, organisation, organisation_id, reason_code
          FROM booking LEFT JOIN charge_waiver USING (booking_id)
         WHERE learning_event_id = $1 AND state = 'confirmed'
        """,
        learning_event_id,
    )


async def _spare(
    conn: Conn, booking_id: UUID, reason_code: str, by_role: str, now: datetime
) -> bool:
    done: str = await conn.execute(
        """
        INSERT INTO charge_waiver (booking_id, reason_code, by_role, waived_at)
        SELECT booking_id, $2, $3, $4 FROM booking WHERE booking_id = $1
            ON CONFLICT (booking_id) DO UPDATE
           SET reason_code = excluded.reason_code, by_role = excluded.by_role,
               waived_at = excluded.waived_at
        """,
        booking_id,
        reason_code,
        by_role,
        now,
    )
    return done != "INSERT 0 0"
