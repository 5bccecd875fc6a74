"""Certificates for everybody who completed a learning event, with a letter to each."""

from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.attendance.certificate_rows import Certificate, certificate, insert
from pdu_bookings.attendance.earning import earned, lock_registers
from pdu_shared import outbox
from pdu_shared.contracts.bookings.attendance import CertificateLinkIssued
from pdu_shared.database import Conn, transaction
from pdu_shared.outbox import Promise
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["certificates"])


class Issued(BaseModel):
    """How many certificates there are now of a learning event."""

    learning_event_id: UUID
    issued: int = Field(description="Newly, each with a letter")
    standing: int = Field(description="Which were there already")
    nameless: int = Field(
        description="Who completed it, and whose name we do not have: they ask by their own link"
    )


@router.post("/learning-events/{learning_event_id}/certificates")
async def issue_to_all(learning_event_id: UUID, runtime: Here, now: Now) -> Issued:
    """Issue a certificate to everybody who completed it and has none yet. May be repeated."""
    async with transaction(runtime.database) as conn:
        await lock_registers(conn, learning_event_id)
        people = await _those_who_came(conn, learning_event_id)
        hours = await earned(conn, learning_event_id, [one["person_id"] for one in people])
        completed = [one for one in people if one["person_id"] in hours]
        to_issue = [one for one in completed if one["name"] and not one["has_one"]]
        new = await insert(
            conn,
            [
                certificate(
                    one["booking_id"],
                    learning_event_id=learning_event_id,
                    person_id=one["person_id"],
                    name=one["name"],
                    hours=hours[one["person_id"]],
                    now=now,
                )
                for one in to_issue
            ],
        )
        reachable = {one["person_id"] for one in to_issue if one["address"]}
        await outbox.add(
            conn, *(_letter(one, runtime) for one in new if one.person_id in reachable)
        )
    return Issued(
        learning_event_id=learning_event_id,
        issued=len(new),
        standing=sum(one["has_one"] for one in completed),
        nameless=sum(not one["name"] and not one["has_one"] for one in completed),
    )


def _letter(one: Certificate, runtime: Runtime) -> Promise:
    link = CertificateLinkIssued(
        certificate_id=one.certificate_id,
        person_id=one.person_id,
        learning_event_id=one.learning_event_id,
        code=one.code,
    )
    return outbox.sealed(link, runtime.sealer)


async def _those_who_came(conn: Conn, learning_event_id: UUID) -> list[asyncpg.Record]:
    """Everybody in its registers, with the latest of their bookings, if they booked."""
    return await conn.fetch(
        """
        SELECT DISTINCT ON (person_id)
               attendance.person_id, booking.booking_id, contact.name, contact.address,
               certificate.certificate_id IS NOT NULL AS has_one
          FROM session
          JOIN attendance USING (session_id)
          LEFT JOIN booking ON booking.learning_event_id = session.learning_event_id
                           AND booking.person_id = attendance.person_id
          LEFT JOIN contact ON contact.booking_id = booking.booking_id
          LEFT JOIN certificate ON certificate.learning_event_id = session.learning_event_id
                               AND certificate.person_id = attendance.person_id
         WHERE session.learning_event_id = $1
         ORDER BY person_id, booking.booking_id DESC NULLS LAST
        """,
        learning_event_id,
    )
