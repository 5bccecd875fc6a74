"""Nominations: somebody proposes a colleague, who says yes or no themselves. It holds no place."""

from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.link import Purpose
from pdu_shared import outbox
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.bookings.nomination import NominationLinkIssued
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.links import token_of
from pdu_shared.persons import persons_of
from pdu_shared.problems import Conflict, Forbidden, NotFound
from pdu_shared.runtime import Here, Now, Runtime, Store

router = APIRouter(tags=["nominations"])

MOST = 100
"""People whom one person may nominate for a learning event."""


class Nominate(Form):
    """Whom to ask whether they want to come. Name and address go into the letter, nowhere else."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Alan a Dale", "email": "alan@example.org"}]}
    )

    name: OneLine
    email: EmailAddress


class Nominated(BaseModel):
    """That somebody has been asked, or had been before."""

    nomination_id: UUID


class Nominations(BaseModel):
    """What became of the people whom the caller nominated, in numbers."""

    nominated: int = Field(description="In all")
    accepted: int
    declined: int


@router.post(
    "/learning-events/{learning_event_id}/nominations", status_code=201, response_model=Nominated
)
async def nominate(  # noqa: PLR0913 - each is asked for by its type
    *, learning_event_id: UUID, form: Nominate, runtime: Here, caller: Who, asked: Asked, now: Now
) -> Response:
    """Ask somebody by a letter whether they want to come. Nominating twice is nominating once."""
    use_case = partial(
        _nominate,
        learning_event_id=learning_event_id,
        form=form,
        runtime=runtime,
        caller=caller,
        now=now,
    )
    return await once(runtime.database, asked, use_case)


@router.get("/learning-events/{learning_event_id}/nominations")
async def nominations(learning_event_id: UUID, database: Store, caller: Who) -> Nominations:
    """How many of those whom the caller nominated said yes or no: numbers, not names."""
    async with database.pool.acquire(timeout=5) as conn:
        row = await conn.fetchrow(
            """
            SELECT count(*) AS nominated,
                   count(*) FILTER (WHERE state = 'accepted') AS accepted,
                   count(*) FILTER (WHERE state = 'declined') AS declined
              FROM nomination
             WHERE learning_event_id = $1 AND nominated_by = $2
            """,
            learning_event_id,
            caller.sub,
        )
    assert row is not None, "an aggregate always gives a row"
    return Nominations(**row)


async def _nominate(  # noqa: PLR0913 - as above
    conn: Conn,
    *,
    learning_event_id: UUID,
    form: Nominate,
    runtime: Runtime,
    caller: Caller,
    now: datetime,
) -> Answer:
    if caller.sub is None:
        raise Forbidden("A person nominates, so that somebody can be asked about it.")
    session_ids = await _lock(conn, learning_event_id, now)
    [person_id] = await persons_of(conn, runtime.person_key, [form.email])
    known, others = await _known(conn, learning_event_id, caller.sub, person_id)
    if known:
        return Answer.of(Nominated(nomination_id=known))
    if others >= MOST:
        raise Conflict(f"You have nominated {MOST} people for this event. Ask a coordinator.")
    nomination_id = uuid7()
    await conn.execute(
        """
        INSERT INTO nomination (nomination_id, learning_event_id, nominated_by, person_id, state,
                                nominated_at)
        VALUES ($1, $2, $3, $4, 'open', $5)
        """,
        nomination_id,
        learning_event_id,
        caller.sub,
        person_id,
        now,
    )
    link_key = runtime.settings.secret("link_key").encode()
    issued = NominationLinkIssued(
        nomination_id=nomination_id,
        learning_event_id=learning_event_id,
        session_ids=tuple(session_ids),
        person_id=person_id,
        channel=Channel.EMAIL,
        address=form.email,
        name=form.name,
        token=token_of(link_key, Purpose.NOMINATION, nomination_id),
    )
    await outbox.add(conn, outbox.sealed(issued, runtime.sealer))
    return Answer.of(Nominated(nomination_id=nomination_id))


async def _lock(conn: Conn, learning_event_id: UUID, now: datetime) -> list[UUID]:
    """The sessions of an event that can be booked; one nomination for it at a time."""
    published = await conn.fetchval(
        """
        SELECT true FROM learning_event
         WHERE learning_event_id = $1 AND state = 'published'
           FOR NO KEY UPDATE
        """,
        learning_event_id,
    )
    if not published:
        raise NotFound
    sessions = await conn.fetch(
        "SELECT session_id, starts_at FROM session WHERE learning_event_id = $1 ORDER BY starts_at",
        learning_event_id,
    )
    if sessions[0]["starts_at"] <= now:
        raise Conflict("This event has already started.")
    return [row["session_id"] for row in sessions]


async def _known(
    conn: Conn, learning_event_id: UUID, nominated_by: UUID, person_id: UUID
) -> tuple[UUID | None, int]:
    """The nomination of this person that there is already, and how many there are in all."""
    rows = await conn.fetch(
        """
        SELECT nomination_id, person_id
          FROM nomination
         WHERE learning_event_id = $1 AND nominated_by = $2
        """,
        learning_event_id,
        nominated_by,
    )
    same = [row["nomination_id"] for row in rows if row["person_id"] == person_id]
    return (same[0] if same else None), len(rows)
