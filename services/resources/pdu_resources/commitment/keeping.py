"""Promised against kept: counted from who came for an organisation, and which topics it named."""

from datetime import date
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_resources.organisation.rows import are_one
from pdu_resources.versioned.paging import cut
from pdu_resources.versioned.seen import etag
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.steering import CommitmentKind, UndertakingState
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["commitments"])

NOBODY = UUID(int=0)


class Filters(Form):
    """Which commitments, and which page of them."""

    project_year: Code | None = None
    organisation_id: UUID | None = None
    kind: CommitmentKind | None = None
    state: UndertakingState | None = None
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Commitment(BaseModel):
    """What was promised, and what was kept of it so far."""

    commitment_id: UUID
    organisation_id: UUID
    organisation: str
    kind: CommitmentKind
    project_year: str
    promised: int
    kept: int = Field(description="Different people who came, or topics that were named")
    attendances: int = Field(description="How often its people came in that year")
    made_on: date
    state: UndertakingState
    note: str | None
    reviewed_on: date | None
    version: int


class Commitments(BaseModel):
    """One page of commitments. `next` goes into `after` for the following page."""

    items: list[Commitment]
    next: UUID | None


@router.get("/commitments")
async def commitments(
    asked: Annotated[Filters, Query()], database: Store, caller: Who
) -> Commitments:
    """Commitments, newest first.

    All of them for those who steer, those of their organisation for those who lead or manage.
    """
    async with database.pool.acquire(timeout=5) as conn:
        found = await _select(conn, asked, whose=_whose(caller))
    page, following = cut(found, asked.limit, lambda one: one.commitment_id)
    return Commitments(items=page, next=following)


@router.get("/commitments/{commitment_id}")
async def commitment(
    commitment_id: UUID, database: Store, caller: Who, response: Response
) -> Commitment:
    """One commitment. Whoever changes it sends the ETag back."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await _select(
            conn, Filters(limit=1), commitment_id=commitment_id, whose=_whose(caller)
        )
    if not found:
        raise NotFound
    response.headers["ETag"] = etag(found[0].version)
    return found[0]


async def one_commitment(conn: Conn, commitment_id: UUID) -> Commitment:
    """A commitment that is there."""
    [found] = await _select(conn, Filters(limit=1), commitment_id=commitment_id, whose=None)
    return found


async def lock_own(conn: Conn, commitment_id: UUID, caller: Caller) -> asyncpg.Record:
    """A commitment of the caller's organisation, locked. Raises NotFound for all others."""
    row = await conn.fetchrow(
        """
        SELECT commitment_id, organisation_id, kind, promised, state, note, version
          FROM commitment
         WHERE commitment_id = $1
           FOR UPDATE
        """,
        commitment_id,
    )
    if row is None or not (
        caller.has(Role.COORDINATOR)
        or await are_one(conn, caller.organisation_id, row["organisation_id"])
    ):
        raise NotFound
    return row


def _whose(caller: Caller) -> UUID | None:
    """Of which organisation a caller sees commitments; None for all."""
    if caller.has(Role.COORDINATOR, Role.STEERING_GROUP):
        return None
    return caller.organisation_id or NOBODY


async def _select(
    conn: Conn, asked: Filters, *, whose: UUID | None, commitment_id: UUID | None = None
) -> list[Commitment]:
    rows = await conn.fetch(
        """
        SELECT commitment_id, organisation_id, organisation, kind, project_year, promised, made_on,
               state, note, reviewed_on, version, came.attendances,
               CASE kind WHEN 'send_staff' THEN came.people
                         ELSE (SELECT count(*) FROM commitment_topic AS named
                                WHERE named.commitment_id = commitment.commitment_id)
               END AS kept
          FROM commitment
          JOIN project_year AS year ON year.code = project_year
         CROSS JOIN LATERAL (
            -- Ids that are one person count once; whom they are merged into is found step by step.
            WITH RECURSIVE way (person_id, kept_id) AS (
                SELECT DISTINCT person_id, person_id
                  FROM organisation_attendance AS there
                 WHERE there.organisation_id IN (
                           SELECT organisation_ids(commitment.organisation_id)) AND came
                   AND held_on BETWEEN year.starts_on AND year.ends_on
                 UNION
                SELECT way.person_id, person_merge.kept_id
                  FROM way JOIN person_merge ON person_merge.merged_id = way.kept_id)
            SELECT (SELECT count(DISTINCT kept_id)
                      FROM way
                     WHERE NOT EXISTS (SELECT FROM person_merge
                                        WHERE merged_id = way.kept_id)) AS people,
                   (SELECT count(*)
                      FROM organisation_attendance AS there
                     WHERE there.organisation_id IN (
                               SELECT organisation_ids(commitment.organisation_id)) AND came
                       AND held_on BETWEEN year.starts_on AND year.ends_on) AS attendances) AS came
         WHERE ($1::uuid IS NULL OR commitment_id < $1)
           AND ($3::text IS NULL OR project_year = $3)
           AND ($4::uuid IS NULL OR organisation_id IN (SELECT organisation_ids($4)))
           AND ($5::text IS NULL OR kind = $5)
           AND ($6::text IS NULL OR state = $6)
           AND ($7::uuid IS NULL OR organisation_id IN (SELECT organisation_ids($7)))
           AND ($8::uuid IS NULL OR commitment_id = $8)
         ORDER BY commitment_id DESC
         LIMIT $2
        """,
        asked.after,
        asked.limit + 1,
        asked.project_year,
        asked.organisation_id,
        asked.kind,
        asked.state,
        whose,
        commitment_id,
    )
    return [Commitment(**row) for row in rows]
