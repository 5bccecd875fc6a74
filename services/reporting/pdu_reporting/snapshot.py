"""Snapshots looked up, and compared with another one or with today."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pdu_reporting import snapshot_rows
from pdu_reporting.answer import Answer
from pdu_reporting.comparing import Comparison, compared
from pdu_reporting.snapshot_rows import Snapshot
from pdu_shared.contracts.reporting import SnapshotKind
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.paging import cut
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Store

NOW = "now"

router = APIRouter(tags=["snapshots"])


class Filters(Form):
    """Which snapshots, and which page of them."""

    kind: SnapshotKind | None = None
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Snapshots(BaseModel):
    """One page of snapshots, newest first. `next` goes into `after` for the following page."""

    items: list[Snapshot]
    next: UUID | None


class FrozenTable(BaseModel):
    """A table of a snapshot, as the team sees it."""

    name: str
    answer: Answer


class WholeSnapshot(Snapshot):
    """A snapshot with all that was frozen in it."""

    frozen: list[FrozenTable]


@router.get("/snapshots")
async def snapshots(asked: Annotated[Filters, Query()], database: Store) -> Snapshots:
    """What was frozen, and when."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await snapshot_rows.page(conn, asked.kind, asked.after, asked.limit + 1)
    items, following = cut(found, asked.limit, lambda one: one.snapshot_id)
    return Snapshots(items=items, next=following)


@router.get("/snapshots/{snapshot_id}")
async def snapshot(snapshot_id: UUID, database: Store) -> WholeSnapshot:
    """A snapshot with its tables, as the team sees them."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await _found(conn, snapshot_id)
        answers = await snapshot_rows.answers_of(conn, snapshot_id)
    frozen = [FrozenTable(name=name, answer=answer) for name, answer in answers]
    return WholeSnapshot(**found.model_dump(), frozen=frozen)


@router.get("/snapshots/{snapshot_id}/compare")
async def compare(
    snapshot_id: UUID,
    database: Store,
    other: Annotated[
        str, Query(alias="with", description="`now`, or the id of another snapshot")
    ] = NOW,
) -> Comparison:
    """Each number then and now (or in the other), the difference, and what has come in between."""
    async with database.pool.acquire(timeout=5) as conn:
        then = await _found(conn, snapshot_id)
        later = None if other == NOW else await _found(conn, _id_of(other))
    return await compared(database, then, later)


def _id_of(other: str) -> UUID:
    try:
        return UUID(other)
    except ValueError:
        told = Fault("/query/with", "no_snapshot", "Give `now`, or the id of a snapshot.")
        raise Refused(errors=[told]) from None


async def _found(conn: Conn, snapshot_id: UUID) -> Snapshot:
    found = await snapshot_rows.find(conn, snapshot_id)
    if found is None:
        raise NotFound
    return found
