"""Dealing with requests: who asks, what is complex, refused or approved; and all of them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from pdu_resources.protection.hold import one_at_a_time
from pdu_resources.protection.people import all_ids
from pdu_resources.protection.rows import (
    Kind,
    Requests,
    RequestSeen,
    State,
    lock_request,
    request_seen,
    requests_seen,
)
from pdu_resources.protection.saga import start
from pdu_resources.rules.deadline import due_on, extended
from pdu_shared.access import Who
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["rights"])


class Checked(Form):
    """How it was made sure who somebody is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"identity_checked": "document"}]})

    identity_checked: Code


class Because(Form):
    """Why, as a word."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason_code": "complex"}]})

    reason_code: Code = Field(description="Such as `complex`, `many_requests`, `unfounded`")


@router.get("/rights-requests")
async def requests(  # noqa: PLR0913 - what a list can be asked
    database: Store,
    now: Now,
    *,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    state: Annotated[State | None, Query(description="Only those in this state")] = None,
    overdue: Annotated[bool | None, Query(description="Only those whose day has passed")] = None,
) -> Requests:
    """Every request, latest first, with the services that owe an answer."""
    async with database.pool.acquire(timeout=5) as conn:
        rows = await conn.fetch(
            """
            SELECT request_id
              FROM rights_request
             WHERE ($1::uuid IS NULL OR request_id < $1)
               AND ($2::text IS NULL OR state = $2)
               AND ($3::boolean IS NULL
                    OR $3 = (state IN ('asked', 'working') AND coalesce(due_on < $4, false)))
             ORDER BY request_id DESC
             LIMIT $5
            """,
            after,
            state,
            overdue,
            local_day(now),
            limit + 1,
        )
        items = await requests_seen(conn, [row["request_id"] for row in rows[:limit]], now=now)
    return Requests(items=items, next=items[-1].request_id if len(rows) > limit else None)


@router.put("/rights-requests/{request_id}/identity")
async def check_identity(
    request_id: UUID, form: Checked, database: Store, caller: Who, now: Now
) -> RequestSeen:
    """Note that it is known who asks: the clock runs from now on, and a copy is gathered."""
    async with transaction(database) as conn:
        request = await lock_request(conn, request_id)
        if request["state"] == State.IDENTITY:
            due = due_on(request["received_on"], known_on=local_day(now))
            await conn.execute(
                """
                UPDATE rights_request
                   SET state = 'asked', identity_checked = $2, identity_by = $3, due_on = $4
                 WHERE request_id = $1
                """,
                request_id,
                form.identity_checked,
                caller.sub,
                due,
            )
            if request["kind"] == Kind.ACCESS:
                await start(conn, request_id)
        return await request_seen(conn, request_id, None, now=now)


@router.put("/rights-requests/{request_id}/extension")
async def extend(request_id: UUID, form: Because, database: Store, now: Now) -> RequestSeen:
    """Take two further months for what is complex, and tell the person why. Twice is once."""
    async with transaction(database) as conn:
        request = await _open_request(conn, request_id)
        if request["due_on"] is None:
            raise Conflict("The clock stands still until it is known who asks.")
        if request["extended_because"] is None:
            usual = due_on(request["received_on"], known_on=request["received_on"])
            # As late as the clock stood still before.
            known_on = request["received_on"] + max(request["due_on"] - usual, usual - usual)
            await conn.execute(
                """
                UPDATE rights_request SET extended_because = $2, due_on = $3 WHERE request_id = $1
                """,
                request_id,
                form.reason_code,
                extended(request["received_on"], known_on=known_on),
            )
        return await request_seen(conn, request_id, None, now=now)


@router.put("/rights-requests/{request_id}/refusal")
async def refuse(request_id: UUID, form: Because, database: Store, now: Now) -> RequestSeen:
    """Refuse a request that nobody has begun to carry out, and tell the person why."""
    async with transaction(database) as conn:
        request = await _open_request(conn, request_id)
        if request["state"] == State.WORKING:
            raise Conflict("It is being carried out already.")
        await conn.execute(
            """
            UPDATE rights_request
               SET state = 'refused', refused_because = $2,
                   due_on = coalesce(due_on, received_on)
             WHERE request_id = $1
            """,
            request_id,
            form.reason_code,
        )
        return await request_seen(conn, request_id, None, now=now)


@router.put("/rights-requests/{request_id}/approval")
async def approve(request_id: UUID, database: Store, caller: Who, now: Now) -> RequestSeen:
    """Have somebody forgotten, in every service. It cannot be undone; twice is once.

    409 while there is a reason to hold it, and for whoever wrote the request down themselves: two
    people decide.
    """
    async with transaction(database) as conn:
        request = await lock_request(conn, request_id)
        if request["kind"] != Kind.ERASURE:
            raise Conflict("Only erasures are approved.")
        if request["state"] in (State.IDENTITY, State.REFUSED):
            raise Conflict("It was refused, or it is not known yet who asks.")
        if request["state"] == State.ASKED:
            if request["asked_by"] == caller.sub:
                raise Conflict("Somebody else approves what you wrote down.")
            await _refuse_while_held(conn, request["person_id"])
            await _approve(conn, request_id, caller.sub, now)
        return await request_seen(conn, request_id, None, now=now)


async def _approve(conn: Conn, request_id: UUID, by: UUID | None, now: datetime) -> None:
    await conn.execute(
        "UPDATE rights_request SET approved_by = $2, approved_at = $3 WHERE request_id = $1",
        request_id,
        by,
        now,
    )
    await start(conn, request_id)


async def _refuse_while_held(conn: Conn, person_id: UUID) -> None:
    await one_at_a_time(conn)
    held = await conn.fetch(
        """
        SELECT DISTINCT because FROM erasure_hold
         WHERE person_id = ANY ($1::uuid[]) AND released_at IS NULL
         ORDER BY because
        """,
        await all_ids(conn, person_id),
    )
    if held:
        raise Conflict(f"It is held: {', '.join(row['because'] for row in held)}.")


async def _open_request(conn: Conn, request_id: UUID) -> asyncpg.Record:
    request = await lock_request(conn, request_id)
    if request["state"] in (State.DONE, State.REFUSED):
        raise Conflict("This request is closed.")
    return request
