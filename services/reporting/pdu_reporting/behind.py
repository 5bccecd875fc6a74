"""The messages behind a figure: which of them it counted, one by one."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel

from pdu_reporting.asking import PARAMETERS, Asked, asked_of, known_figure
from pdu_reporting.counting import moment, reached
from pdu_reporting.figure import Figure
from pdu_reporting.figures import FIGURES
from pdu_reporting.filters import fault
from pdu_reporting.projections import PROJECTIONS
from pdu_shared.database import Conn
from pdu_shared.problems import Refused
from pdu_shared.runtime import Store

PAGE = 100
FURTHEST = 2**63 - 1
OUR_OWN = ("after", "limit")

router = APIRouter(tags=["figures"])


class Behind(BaseModel):
    """A message that a figure counted."""

    position: int
    """Its place in the journal, which holds the whole of it."""
    message_id: UUID
    type: str
    subject: str
    """What it is about."""
    occurred_at: datetime


class Messages(BaseModel):
    """Messages that a figure counted, oldest first."""

    items: list[Behind]
    next: int | None
    """Ask on with this as `after`; null when there are no more."""
    journal_position: int
    """How far the journal had come."""


@router.get("/figures/{name}/messages", openapi_extra={"parameters": PARAMETERS})
async def messages(
    name: Annotated[str, Path(json_schema_extra={"enum": list(FIGURES)})],
    request: Request,
    database: Store,
    after: Annotated[int, Query(ge=0, le=FURTHEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
) -> Messages:
    """The messages that a figure, asked in the same way, has counted."""
    figure = known_figure(name)
    if not figure.behind:
        possible = [one.name for one in FIGURES.values() if one.behind]
        raise Refused(errors=[fault("name", "no_messages", possible, place="path")])
    query = request.query_params
    asked_for = type(query)([one for one in query.multi_items() if one[0] not in OUR_OWN])
    async with database.pool.acquire(timeout=5) as conn:
        asked = await asked_of(figure, asked_for, conn)
    async with moment(database, figure.fact.tables) as conn:
        position, _ = await reached(conn)
        found = await _behind(conn, figure, asked, after=after, limit=limit)
    return Messages(
        items=[Behind(**row) for row in found],
        next=found[-1]["position"] if len(found) == limit else None,
        journal_position=position,
    )


async def _behind(
    conn: Conn, figure: Figure, asked: Asked, *, after: int, limit: int
) -> list[asyncpg.Record]:
    """A page of the journal's rows that the figure's own rows stand on."""
    return await conn.fetch(
        f"""
        WITH RECURSIVE {", ".join(figure.fact.queries)},
        behind AS ({figure.behind})
        SELECT position, message_id, routing_key AS type, subject, occurred_at
          FROM journal
         WHERE position > $5 AND routing_key = ANY ($7)
           AND (subject, sequence) IN (SELECT subject, sequence FROM behind)
         ORDER BY position
         LIMIT $6
        """,  # noqa: S608 - the text is our own
        *asked.arguments,
        after,
        limit,
        _heard(figure),
    )


def _heard(figure: Figure) -> list[str]:
    """The types of messages that the tables of the figure follow from."""
    tables = figure.fact.tables
    return sorted(
        {
            key
            for projection in PROJECTIONS
            if projection.name in tables
            for key in projection.routing_keys or ()
        }
    )
