"""The way of a request through all services: told once, answered by each, done when all have."""

from datetime import UTC, datetime
from uuid import UUID

import structlog

from pdu_resources.protection.people import all_ids
from pdu_resources.protection.rows import Kind, State, lock_request
from pdu_shared import outbox
from pdu_shared.contracts import PUBLISHERS, notifications, reporting
from pdu_shared.contracts.bookings import protection as bookings
from pdu_shared.contracts.message import Message
from pdu_shared.contracts.resources import protection as resources
from pdu_shared.contracts.resources.protection import (
    ErasureCompleted,
    ErasureRequested,
    SubjectAccessAssembled,
    SubjectAccessRequested,
)
from pdu_shared.database import Conn
from pdu_shared.listening import UnknownReferenceError
from pdu_shared.problems import NotFound

log = structlog.get_logger()


async def start(conn: Conn, request_id: UUID) -> None:
    """Ask every service, if it is known who wants it and it has not been told before."""
    request = await lock_request(conn, request_id)
    if request["state"] != State.ASKED:
        return
    asked = {
        "request_id": request_id,
        "person_id": request["person_id"],
        "person_ids": await all_ids(conn, request["person_id"]),
    }
    await conn.execute(
        "UPDATE rights_request SET state = 'working' WHERE request_id = $1", request_id
    )
    if request["kind"] == Kind.ACCESS:
        await outbox.add(conn, SubjectAccessRequested(**asked))
    else:
        await outbox.add(conn, ErasureRequested(**asked))
    log.info("every service is asked", request_id=str(request_id), kind=request["kind"])


async def keep_part(
    conn: Conn,
    message: bookings.PersonalDataGathered
    | notifications.PersonalDataGathered
    | reporting.PersonalDataGathered
    | resources.PersonalDataGathered,
) -> None:
    """Keep a service's part of what somebody asked to see."""
    await _keep(
        conn,
        message,
        message.request_id,
        part=message.part,
        parts=message.parts,
        content=message.content,
    )


async def keep_erased(
    conn: Conn,
    message: bookings.PersonErased
    | notifications.PersonErased
    | reporting.PersonErased
    | resources.PersonErased,
) -> None:
    """Keep that a service has forgotten somebody."""
    await _keep(conn, message, message.request_id, rows=message.rows)


LISTENERS = (keep_part, keep_erased)


async def _keep(  # noqa: PLR0913 - the columns of an answer
    conn: Conn,
    message: Message,
    request_id: UUID,
    *,
    part: int = 1,
    parts: int = 1,
    rows: int | None = None,
    content: str | None = None,
) -> None:
    try:
        request = await lock_request(conn, request_id)
    except NotFound:
        raise UnknownReferenceError from None
    now = datetime.now(UTC)
    await conn.execute(
        """
        INSERT INTO rights_answer (request_id, service, part, parts, rows, content, answered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT DO NOTHING
        """,
        request_id,
        message.service(),
        part,
        parts,
        rows,
        content,
        now,
    )
    if request["state"] == State.WORKING and await _all_answered(conn, request_id):
        await _finish(conn, request_id, request["person_id"], request["kind"], now)


async def _all_answered(conn: Conn, request_id: UUID) -> bool:
    rows = await conn.fetch(
        """
        SELECT service
          FROM rights_answer
         WHERE request_id = $1
         GROUP BY service
        HAVING count(*) = max(parts)
        """,
        request_id,
    )
    return {row["service"] for row in rows} >= set(PUBLISHERS)


async def _finish(conn: Conn, request_id: UUID, person_id: UUID, kind: str, now: datetime) -> None:
    await conn.execute(
        "UPDATE rights_request SET state = 'done', done_at = $2 WHERE request_id = $1",
        request_id,
        now,
    )
    if kind == Kind.ACCESS:
        await outbox.add(conn, SubjectAccessAssembled(request_id=request_id, person_id=person_id))
    else:
        told = ErasureCompleted(request_id=request_id, person_id=person_id, done_at=now)
        await outbox.add(conn, told)
    log.info("done by every service", request_id=str(request_id), kind=kind)
