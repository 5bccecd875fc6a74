"""What a learning event costs, and whom: by default nobody anything, and nobody hears of it."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pdu_bookings.category import local_areas
from pdu_bookings.programme.rows import lock_learning_events
from pdu_bookings.rules.charge import Price, Waived, WhoPays, charge, dearer
from pdu_bookings.rules.programme import State
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form, PublishedLine
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["charges"])


class SetPrice(Form):
    """What a place costs, in pence; 0 is nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "pence": 4500,
                    "who_pays": "outside_area",
                    "note": "We send your organisation an invoice.",
                }
            ]
        }
    )

    pence: Annotated[int, Field(ge=0, le=100_000), WRITTEN_AS_NUMBER]
    who_pays: Annotated[
        WhoPays, Field(description="Volunteers, students and experts by experience never pay")
    ] = WhoPays.OUTSIDE_AREA
    note: Annotated[PublishedLine | None, Field(description="How it is paid")] = None

    @model_validator(mode="after")
    def _says_nothing_of_nothing(self) -> Self:
        if not self.pence and self.note:
            msg = "What costs nothing is not paid in any way."
            raise ValueError(msg)
        return self

    @property
    def price(self) -> Price | None:
        """What it says; None for nothing."""
        return Price(self.pence, self.who_pays) if self.pence else None


class PriceSet(BaseModel):
    """What a learning event costs those who pay."""

    learning_event_id: UUID
    pence: int
    who_pays: WhoPays
    note: str | None


class Cost(BaseModel):
    """What a place costs one person."""

    pence: int
    waived: Waived | None = Field(description="Why it is nothing, where others pay")
    note: str | None = Field(description="How it is paid; null for nothing")


@router.put("/learning-events/{learning_event_id}/price")
async def set_price(learning_event_id: UUID, form: SetPrice, database: Store) -> PriceSet:
    """Say what a learning event costs. Once it is published, it can only become cheaper.

    Nobody is to pay more than stood there when they booked.
    """
    async with transaction(database) as conn:
        event = (await lock_learning_events(conn, [learning_event_id])).get(learning_event_id)
        if event is None:
            raise NotFound
        before, _ = await price_of(conn, learning_event_id)
        if event.state is not State.DRAFT and dearer(before, form.price):
            raise Conflict(
                "People have seen what it costs, so it can only become cheaper. "
                "Copy it to offer it again at another price."
            )
        await _replace(conn, learning_event_id, form)
    return PriceSet(learning_event_id=learning_event_id, **form.model_dump())


@router.get("/learning-events/{learning_event_id}/cost")
async def cost(
    learning_event_id: UUID,
    area: Annotated[Code, Query(description="Where the organisation works, as when booking")],
    role_level: Annotated[Code, Query(description="As when booking")],
    database: Store,
) -> Cost:
    """What a place would cost, before anybody books. Ask where an event has a `price`."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await conn.fetchval(
            """
            SELECT true FROM learning_event
             WHERE learning_event_id = $1 AND published_at IS NOT NULL
            """,
            learning_event_id,
        )
        if not found:
            raise NotFound
        return await cost_for(conn, learning_event_id, area=area, role_level=role_level)


async def cost_for(
    conn: Conn, learning_event_id: UUID, *, area: str, role_level: str, spared: bool = False
) -> Cost:
    """What a place at a learning event costs somebody."""
    price, note = await price_of(conn, learning_event_id)
    found = charge(
        price,
        area=area,
        role_level=role_level,
        spared=spared,
        local_areas=await local_areas(conn),
    )
    return Cost(pence=found.pence, waived=found.waived, note=note if found.pence else None)


async def price_of(conn: Conn, learning_event_id: UUID) -> tuple[Price | None, str | None]:
    """What a learning event costs and how it is paid; None for nothing."""
    row = await conn.fetchrow(
        "SELECT pence, who_pays, note FROM price WHERE learning_event_id = $1", learning_event_id
    )
    return (Price(row["pence"], WhoPays(row["who_pays"])), row["note"]) if row else (None, None)


async def _replace(conn: Conn, learning_event_id: UUID, form: SetPrice) -> None:
    await conn.execute("DELETE FROM price WHERE learning_event_id = $1", learning_event_id)
    if form.price:
        await conn.execute(
            "INSERT INTO price (learning_event_id, pence, who_pays, note) VALUES ($1, $2, $3, $4)",
            learning_event_id,
            form.pence,
            form.who_pays,
            form.note,
        )
