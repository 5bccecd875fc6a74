"""Asking to see what is kept about oneself, or to be forgotten; oneself or through somebody."""

from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from pdu_resources.protection.people import myself, person_of
from pdu_resources.protection.rows import Kind, RequestSeen, State, open_request, request_seen
from pdu_resources.protection.saga import start
from pdu_resources.rules.deadline import due_on
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, Form
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Here, Now, Runtime, Store

router = APIRouter(tags=["rights"])


class Ask(Form):
    """What somebody wants: a copy of their data (`access`), or to be forgotten (`erasure`)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "access"}]})

    kind: Kind


class AskFor(Ask):
    """What somebody wants who wrote, rang or came."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "access", "email": "alan@example.org", "identity_checked": "in_person"}
            ]
        }
    )

    email: EmailAddress | None = Field(
        default=None, description="Their address, or else `person_id`. It is not kept."
    )
    person_id: UUID | None = None
    identity_checked: Code | None = Field(
        default=None,
        description="How it was made sure who they are: `in_person`, `document`, `reply` … "
        "Nothing is handed out or erased before; until then the clock stands still.",
    )


@router.post("/rights-requests", status_code=201, response_model=RequestSeen)
async def ask(form: Ask, database: Store, asked: Asked, caller: Who, now: Now) -> Response:
    """Ask for a copy of my data, or to be forgotten. One that is open already is the answer.

    A copy is gathered at once, and lies ready within minutes. Before anything is erased somebody
    looks at it: it is done within a month.
    """
    return await once(database, asked, partial(_ask, form=form, caller=caller, now=now))


@router.post("/persons/rights-requests", status_code=201, response_model=RequestSeen)
async def ask_for(form: AskFor, here: Here, asked: Asked, caller: Who, now: Now) -> Response:
    """Write down what somebody asked for by letter, by telephone or face to face."""
    use_case = partial(_ask_for, form=form, here=here, caller=caller, now=now)
    return await once(here.database, asked, use_case)


@router.get("/rights-requests/{request_id}")
async def request(request_id: UUID, database: Store, caller: Who, now: Now) -> RequestSeen:
    """How a request stands: my own, or anybody's for those who deal with them."""
    async with database.pool.acquire(timeout=5) as conn:
        return await request_seen(conn, request_id, caller, now=now)


async def _ask(conn: Conn, *, form: Ask, caller: Caller, now: datetime) -> Answer:
    asked = {"role": "person", "identity": "signed_in"}
    return await _open(conn, form.kind, myself(caller), caller=caller, now=now, **asked)


async def _ask_for(
    conn: Conn, *, form: AskFor, here: Runtime, caller: Caller, now: datetime
) -> Answer:
    person_id = await person_of(conn, here, email=form.email, person_id=form.person_id)
    role = next(role for role in (Role.DATA_PROTECTION_LEAD, Role.COORDINATOR) if caller.has(role))
    identity = form.identity_checked
    return await _open(
        conn, form.kind, person_id, caller=caller, now=now, role=role, identity=identity
    )


async def _open(  # noqa: PLR0913 - who asks for whom, and how that is known
    conn: Conn,
    kind: Kind,
    person_id: UUID,
    *,
    caller: Caller,
    now: datetime,
    role: Literal["person"] | str,  # noqa: PYI051 - the others are roles
    identity: str | None,
) -> Answer:
    today = local_day(now)
    request_id = await open_request(
        conn,
        {
            "request_id": uuid7(),
            "kind": kind,
            "state": State.ASKED if identity else State.IDENTITY,
            "person_id": person_id,
            "asked_by": caller.sub,
            "asked_by_role": role,
            "asked_at": now,
            "received_on": today,
            "identity_by": caller.sub if identity else None,
            "identity_checked": identity,
            "due_on": due_on(today, known_on=today) if identity else None,
        },
    )
    if kind is Kind.ACCESS:
        await start(conn, request_id)
    return Answer.of(await request_seen(conn, request_id, None, now=now))
