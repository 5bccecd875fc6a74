"""Whoever came may have their manager hear of it, with what they plan to do."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.place.seen import Token, booking_behind
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import EmailAddress, Form, OneLine
from pdu_shared.persons import persons_of
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["briefings"])


class TellManager(Form):
    """Who hears of it, and of what somebody plans. For this booking only."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "manager_name": "Marian Fitzwalter",
                    "manager_email": "marian@example.org",
                    "plans": "Talk about it in the next team meeting.",
                }
            ]
        }
    )

    manager_name: OneLine
    manager_email: EmailAddress
    plans: OneLine | None = Field(None, description="What they want to do with it, for the manager")


class ManagerTold(BaseModel):
    """What a manager hears of this booking; empty where nobody does."""

    manager_name: str | None = None
    manager_email: str | None = None
    plans: str | None = None


@router.get("/b/{token}/manager")
async def read_manager(token: Token, runtime: Here) -> ManagerTold:
    """Who hears of this booking, if somebody does."""
    booking_id = booking_behind(runtime, token)
    async with runtime.database.pool.acquire(timeout=5) as conn:
        await _contact(conn, booking_id)
        row = await conn.fetchrow(
            """
            SELECT manager_name, manager_address AS manager_email, plans
              FROM manager_told
             WHERE booking_id = $1
            """,
            booking_id,
        )
    return ManagerTold(**row) if row else ManagerTold()


@router.put("/b/{token}/manager")
async def tell_manager(token: Token, told: TellManager, runtime: Here, now: Now) -> ManagerTold:
    """Agree that a manager hears that one came, in the digest of the month.

    Until then it can be changed or taken back; nobody hears that it was. 422 for one's own address.
    """
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        contact = await _contact(conn, booking_id)
        [manager_id] = await persons_of(conn, runtime.person_key, [told.manager_email])
        if manager_id == contact["person_id"]:
            words = "This is your own address: give your manager's."
            raise Refused(errors=[Fault("/manager_email", "own-address", words)])
        await _keep(conn, booking_id, contact["name"], manager_id, told, now)
    return ManagerTold(**dict(told))


@router.delete("/b/{token}/manager", status_code=204)
async def tell_nobody(token: Token, runtime: Here) -> Response:
    """Take it back. Nobody hears that there was something to hear."""
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        await conn.execute("DELETE FROM manager_told WHERE booking_id = $1", booking_id)
    return Response(status_code=204)


async def _contact(conn: Conn, booking_id: UUID) -> asyncpg.Record:
    """Whose booking it is. Raises NotFound when it is over for so long that nobody knows."""
    row = await conn.fetchrow(
        """
        SELECT name, person_id
          FROM contact JOIN booking USING (booking_id)
         WHERE booking_id = $1
           FOR SHARE OF contact
        """,
        booking_id,
    )
    if row is None:
        raise NotFound
    return row


async def _keep(  # noqa: PLR0913, PLR0917 - what a row holds
    conn: Conn, booking_id: UUID, name: str, manager_id: UUID, told: TellManager, now: datetime
) -> None:
    columns: tuple[Any, ...] = (
        booking_id,
        name,
        manager_id,
        told.manager_name,
        told.manager_email,
        told.plans,
        now,
    )
    await conn.execute(
        """
        INSERT INTO manager_told (booking_id, name, manager_id, manager_name, manager_address,
                                  plans, agreed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (booking_id) DO UPDATE
           SET manager_id = excluded.manager_id, manager_name = excluded.manager_name,
               manager_address = excluded.manager_address, plans = excluded.plans,
               agreed_at = excluded.agreed_at
        """,
        *columns,
    )
