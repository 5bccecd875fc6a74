"""A certificate of attendance: asked for by the link of a booking, and verified by its code."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.attendance.certificate_rows import certificate, insert
from pdu_bookings.attendance.earning import earned, lock_registers
from pdu_bookings.place.seen import Token, booking_behind
from pdu_shared.certificate import CertificateCode, hash_of, initials
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["certificates"])

_CERTIFICATE = """
    SELECT certificate.code, certificate.learning_event_id, certificate.person_id, certificate.name,
           certificate.show_name, certificate.hours, certificate.issued_at,
           certificate.withdrawn_at, event.title
      FROM certificate
      JOIN learning_event AS event ON event.learning_event_id = certificate.learning_event_id
    """


class AskForCertificate(Form):
    """How the holder wants to be named where others verify the certificate."""

    show_name: bool = Field(
        default=False, description="Show the name to whoever has the code, instead of initials"
    )
    name: OneLine | None = Field(
        None, description="Only needed when we have deleted it, 28 days after the event"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"show_name": True}]})


class Certificate(BaseModel):
    """What a certificate says to anybody who has its code."""

    code: str
    state: Literal["issued", "withdrawn"]
    learning_event_id: UUID
    title: str
    holder: str = Field(description="The name, if its holder wants that; else the initials")
    days: list[date] = Field(description="On which the holder was there")
    hours: float = Field(description="None any more, once it is withdrawn")
    issued_on: date
    verification_hash: str = Field(description="As it was told on the day of issue")


class OwnCertificate(Certificate):
    """What it says to its holder."""

    show_name: bool


@router.get("/certificates/{code}")
async def verify(code: CertificateCode, database: Store) -> Certificate:
    """Whether there is such a certificate, and whether it still holds."""
    async with database.pool.acquire(timeout=5) as conn:
        row = await conn.fetchrow(f"{_CERTIFICATE} WHERE certificate.code = $1", code)
        if row is None:
            raise NotFound
        holder = row["name"] if row["show_name"] else initials(row["name"])
        return Certificate(**await _shown(conn, row), holder=holder)


@router.get("/b/{token}/certificate")
async def own(token: Token, runtime: Here) -> OwnCertificate:
    """The holder's own certificate, with their name."""
    booking_id = booking_behind(runtime, token)
    async with runtime.database.pool.acquire(timeout=5) as conn:
        return await _own(conn, booking_id)


@router.post("/b/{token}/certificate")
async def ask(token: Token, form: AskForCertificate, runtime: Here, now: Now) -> OwnCertificate:
    """Ask for a certificate, or change how it names its holder. Twice is once: one each event.

    Whoever has not come to enough sessions is told so with 409.
    """
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        booking = await _booking(conn, booking_id)
        await lock_registers(conn, booking["learning_event_id"])
        hours = await earned(conn, booking["learning_event_id"], [booking["person_id"]])
        if booking["person_id"] not in hours:
            raise Conflict(
                "A certificate is for those who came to enough of the sessions, as the registers "
                "have it. If you were there, please tell us: a register can be put right."
            )
        if not await _show_name(conn, booking, show_name=form.show_name):
            new = certificate(
                booking_id,
                learning_event_id=booking["learning_event_id"],
                person_id=booking["person_id"],
                name=_name(booking, form),
                hours=hours[booking["person_id"]],
                now=now,
                show_name=form.show_name,
            )
            await insert(conn, [new])
        return await _own(conn, booking_id)


def _name(booking: asyncpg.Record, form: AskForCertificate) -> str:
    name = booking["name"] or form.name
    if name is None:
        told = "We have deleted your name, as we promised: send it with this request."
        raise Refused(errors=[Fault("/name", "forgotten", told)])
    return str(name)


async def _own(conn: Conn, booking_id: UUID) -> OwnCertificate:
    row = await conn.fetchrow(
        f"""{_CERTIFICATE}
          JOIN booking ON booking.learning_event_id = certificate.learning_event_id
                      AND booking.person_id = certificate.person_id
         WHERE booking.booking_id = $1""",
        booking_id,
    )
    if row is None:
        raise NotFound
    return OwnCertificate(**await _shown(conn, row), holder=row["name"], show_name=row["show_name"])


async def _shown(conn: Conn, row: asyncpg.Record) -> dict[str, Any]:
    withdrawn_at: datetime | None = row["withdrawn_at"]
    return {
        "code": row["code"],
        "state": "withdrawn" if withdrawn_at else "issued",
        "learning_event_id": row["learning_event_id"],
        "title": row["title"],
        "days": [] if withdrawn_at else await _days(conn, row),
        "hours": 0.0 if withdrawn_at else float(row["hours"]),
        "issued_on": local_day(row["issued_at"]),
        "verification_hash": hash_of(row["code"]),
    }


async def _days(conn: Conn, row: asyncpg.Record) -> list[date]:
    rows = await conn.fetch(
        """
        SELECT DISTINCT session.starts_local::date AS day
          FROM session
          JOIN attendance USING (session_id)
          JOIN attendance_entry AS entry USING (attendance_id)
         WHERE session.learning_event_id = $1 AND attendance.person_id = $2
           AND entry.state IN ('present', 'partial')
           AND NOT EXISTS (SELECT FROM attendance_entry AS later
                            WHERE later.supersedes = entry.entry_id)
         ORDER BY day
        """,
        row["learning_event_id"],
        row["person_id"],
    )
    return [one["day"] for one in rows]


async def _booking(conn: Conn, booking_id: UUID) -> asyncpg.Record:
    row = await conn.fetchrow(
        """
        SELECT learning_event_id, person_id, contact.name
          FROM booking LEFT JOIN contact USING (booking_id)
         WHERE booking_id = $1
        """,
        booking_id,
    )
    if row is None:
        raise NotFound
    return row


async def _show_name(conn: Conn, booking: asyncpg.Record, *, show_name: bool) -> bool:
    """Change how a certificate names its holder; whether there is one."""
    there: bool | None = await conn.fetchval(
        """
        UPDATE certificate SET show_name = $3
         WHERE learning_event_id = $1 AND person_id = $2
     RETURNING true
        """,
        booking["learning_event_id"],
        booking["person_id"],
        show_name,
    )
    return bool(there)
