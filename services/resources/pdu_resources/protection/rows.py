"""Requests as rows: opened once, locked for each step, seen by who may."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import BaseModel, Field

from pdu_shared.access import Caller, Role
from pdu_shared.contracts import PUBLISHERS
from pdu_shared.database import Conn
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, NotFound

STUCK_AFTER = timedelta(minutes=10)
"""A service that has not answered by then owes an answer."""


class Kind(StrEnum):
    """What somebody wants."""

    ACCESS = "access"
    ERASURE = "erasure"


class State(StrEnum):
    """How far it is."""

    IDENTITY = "identity"
    """Nobody knows yet who asks."""
    ASKED = "asked"
    WORKING = "working"
    DONE = "done"
    REFUSED = "refused"


class RequestSeen(BaseModel):
    """A request as it stands."""

    request_id: UUID
    kind: Kind
    state: State
    person_id: UUID
    asked_by_role: str
    asked_at: datetime
    received_on: date
    identity_checked: str | None
    due_on: date | None = Field(description="None while nobody knows who asks")
    overdue: bool
    extended_because: str | None
    refused_because: str | None
    approved_at: datetime | None
    done_at: datetime | None
    answered: list[str] = Field(description="The services that have done their part")
    missing: list[str] = Field(description="The services that have not, while it is being done")
    stuck: bool = Field(description="Whether one of them should have, ten minutes ago")
    held_because: list[str] = Field(description="Why somebody is not forgotten yet")


class Requests(BaseModel):
    """One page of requests. `next` goes into `after` for the following page."""

    items: list[RequestSeen]
    next: UUID | None


async def open_request(conn: Conn, row: Mapping[str, Any]) -> UUID:
    """Open a request; the id of it, or of the one of its kind that the person has open already."""
    request_id: UUID | None = await conn.fetchval(
        """
        INSERT INTO rights_request (request_id, kind, state, person_id, asked_by, asked_by_role,
                                    asked_at, received_on, identity_by, identity_checked, due_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (person_id, kind) WHERE state IN ('identity', 'asked', 'working')
            DO NOTHING
        RETURNING request_id
        """,
        *row.values(),
    )
    if request_id is None:
        request_id = await conn.fetchval(
            """
            SELECT request_id
              FROM rights_request
             WHERE person_id = $1 AND kind = $2 AND state IN ('identity', 'asked', 'working')
            """,
            row["person_id"],
            row["kind"],
        )
    if request_id is None:
        raise Conflict("It was finished at this very moment: ask again.")
    return request_id


async def lock_request(conn: Conn, request_id: UUID) -> asyncpg.Record:
    """A request, locked until the transaction ends. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT request_id, kind, state, person_id, asked_by, asked_by_role, received_on,
               identity_checked, due_on, extended_because
          FROM rights_request
         WHERE request_id = $1
           FOR UPDATE
        """,
        request_id,
    )
    if row is None:
        raise NotFound
    return row


async def request_seen(
    conn: Conn, request_id: UUID, caller: Caller | None, *, now: datetime
) -> RequestSeen:
    """A request; for a caller only their own, unless they deal with them. Raises NotFound."""
    found = await requests_seen(conn, [request_id], now=now)
    if not found or not (
        caller is None
        or caller.has(Role.DATA_PROTECTION_LEAD, Role.COORDINATOR)
        or caller.sub == found[0].person_id
    ):
        raise NotFound
    return found[0]


async def requests_seen(
    conn: Conn, request_ids: Sequence[UUID], *, now: datetime
) -> list[RequestSeen]:
    """These requests, latest first."""
    rows = await conn.fetch(
        """
        SELECT request_id, kind, state, person_id, asked_by_role, asked_at, received_on,
               identity_checked, due_on, extended_because, refused_because, approved_at, done_at,
               coalesce(approved_at, asked_at) AS started_at,
               ARRAY (SELECT service
                        FROM rights_answer AS answer
                       WHERE answer.request_id = request.request_id
                       GROUP BY service
                      HAVING count(*) = max(parts)
                       ORDER BY service) AS answered,
               ARRAY (SELECT because
                        FROM erasure_hold AS held
                       WHERE held.person_id = request.person_id AND released_at IS NULL
                         AND request.kind = 'erasure'
                       ORDER BY because) AS held_because
          FROM rights_request AS request
         WHERE request_id = ANY ($1::uuid[])
         ORDER BY request_id DESC
        """,
        list(request_ids),
    )
    return [_seen(row, now) for row in rows]


def _seen(row: asyncpg.Record, now: datetime) -> RequestSeen:
    told = {name: value for name, value in row.items() if name != "started_at"}
    working = row["state"] == State.WORKING
    missing = sorted(set(PUBLISHERS) - set(row["answered"])) if working else []
    late = now - row["started_at"] > STUCK_AFTER
    open_still = row["state"] in (State.ASKED, State.WORKING)
    overdue = open_still and row["due_on"] is not None and row["due_on"] < local_day(now)
    return RequestSeen(**told, missing=missing, stuck=bool(missing) and late, overdue=overdue)
