"""Certificates as rows, and as the facts that are told of them; kept true to the registers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pdu_bookings.attendance.earning import earned
from pdu_shared import outbox
from pdu_shared.certificate import hash_of, new_code
from pdu_shared.contracts.bookings.attendance import CertificateIssued, CertificateWithdrawn
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """That a person completed a learning event. It keeps the name that is printed on it."""

    certificate_id: UUID
    code: str
    learning_event_id: UUID
    person_id: UUID
    booking_id: UUID
    name: str
    show_name: bool
    hours: Decimal
    issued_at: datetime
    withdrawn_at: datetime | None = None


async def insert(conn: Conn, certificates: Sequence[Certificate]) -> list[Certificate]:
    """Issue certificates and tell them; those that are new: one person has one of an event."""
    rows = await conn.fetch(
        """
        INSERT INTO certificate (certificate_id, code, learning_event_id, person_id, booking_id,
                                 name, show_name, hours, issued_at)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[],
                             $6::text[], $7::boolean[], $8::numeric[], $9::timestamptz[])
            ON CONFLICT (learning_event_id, person_id) DO NOTHING
        RETURNING certificate_id
        """,
        [one.certificate_id for one in certificates],
        [one.code for one in certificates],
        [one.learning_event_id for one in certificates],
        [one.person_id for one in certificates],
        [one.booking_id for one in certificates],
        [one.name for one in certificates],
        [one.show_name for one in certificates],
        [one.hours for one in certificates],
        [one.issued_at for one in certificates],
    )
    inserted = {row["certificate_id"] for row in rows}
    new = [one for one in certificates if one.certificate_id in inserted]
    await outbox.add(conn, *map(_issued, new))
    return new


def certificate(  # noqa: PLR0913 - a row
    booking_id: UUID,
    *,
    learning_event_id: UUID,
    person_id: UUID,
    name: str,
    hours: Decimal,
    now: datetime,
    show_name: bool = False,
) -> Certificate:
    """A new certificate."""
    return Certificate(
        certificate_id=uuid7(),
        code=new_code(),
        learning_event_id=learning_event_id,
        person_id=person_id,
        booking_id=booking_id,
        name=name,
        show_name=show_name,
        hours=hours,
        issued_at=now,
    )


async def reconsider(
    conn: Conn, learning_event_ids: Collection[UUID], people: Collection[UUID] | None, now: datetime
) -> None:
    """Withdraw what is no longer earned, and put right or give again what is.

    Of these people, or of everybody who has a certificate of these learning events.
    """
    held = await _held(conn, learning_event_ids, people)
    for learning_event_id in sorted({one.learning_event_id for one in held}):
        theirs = [one for one in held if one.learning_event_id == learning_event_id]
        hours = await earned(conn, learning_event_id, [one.person_id for one in theirs])
        lost = [one for one in theirs if one.person_id not in hours and not one.withdrawn_at]
        changed = [
            one
            for one in theirs
            if one.person_id in hours and (one.withdrawn_at or one.hours != hours[one.person_id])
        ]
        await _withdraw(conn, lost, now)
        await _give(conn, changed, hours)


def _issued(one: Certificate) -> CertificateIssued:
    return CertificateIssued(
        certificate_id=one.certificate_id,
        person_id=one.person_id,
        learning_event_id=one.learning_event_id,
        hours=float(one.hours),
        verification_hash=hash_of(one.code),
    )


async def _held(
    conn: Conn, learning_event_ids: Collection[UUID], people: Collection[UUID] | None
) -> list[Certificate]:
    rows = await conn.fetch(
        """
        SELECT certificate_id, code, learning_event_id, person_id, booking_id, name, show_name,
               hours, issued_at, withdrawn_at
          FROM certificate
         WHERE learning_event_id = ANY ($1::uuid[])
           AND ($2::uuid[] IS NULL OR person_id = ANY ($2))
         ORDER BY certificate_id
           FOR UPDATE
        """,
        list(learning_event_ids),
        None if people is None else list(people),
    )
    return [Certificate(**row) for row in rows]


async def _withdraw(conn: Conn, certificates: Sequence[Certificate], now: datetime) -> None:
    await conn.execute(
        "UPDATE certificate SET withdrawn_at = $2 WHERE certificate_id = ANY ($1::uuid[])",
        [one.certificate_id for one in certificates],
        now,
    )
    await outbox.add(
        conn,
        *(
            CertificateWithdrawn(
                certificate_id=one.certificate_id,
                person_id=one.person_id,
                learning_event_id=one.learning_event_id,
            )
            for one in certificates
        ),
    )


async def _give(
    conn: Conn, certificates: Sequence[Certificate], hours: Mapping[UUID, Decimal]
) -> None:
    put_right = [
        replace(one, hours=hours[one.person_id], withdrawn_at=None) for one in certificates
    ]
    await conn.execute(
        """
        UPDATE certificate SET hours = told.hours, withdrawn_at = NULL
          FROM unnest($1::uuid[], $2::numeric[]) AS told (certificate_id, hours)
         WHERE certificate.certificate_id = told.certificate_id
        """,
        [one.certificate_id for one in put_right],
        [one.hours for one in put_right],
    )
    await outbox.add(conn, *map(_issued, put_right))
