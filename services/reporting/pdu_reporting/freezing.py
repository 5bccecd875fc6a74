"""Freezing figures as they stand: for a report, as a baseline, or for everybody to see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from starlette.datastructures import QueryParams

from pdu_reporting import snapshot_rows
from pdu_reporting.announcing import told_of
from pdu_reporting.answer import answer_of
from pdu_reporting.asking import Asked, asked_of, known_figure
from pdu_reporting.counting import Counted, count_together
from pdu_reporting.figure import Figure
from pdu_reporting.publishing import team_tables
from pdu_reporting.released import Released, next_release
from pdu_reporting.snapshot_rows import Snapshot
from pdu_shared import idempotency, outbox
from pdu_shared.contracts.message import Code, Wording
from pdu_shared.contracts.reporting import SnapshotFrozen, SnapshotKind
from pdu_shared.database import Conn
from pdu_shared.forms import Day, Form
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Store

MOST = 100

router = APIRouter(tags=["snapshots"])


class FigureAsked(Form):
    """A figure with its cut, as `GET /figures/{name}` is asked."""

    name: Annotated[str, Field(max_length=100)]
    by: Annotated[tuple[str, ...], Field(max_length=10)] = ()
    filters: Annotated[Mapping[str, str], Field(max_length=20)] = {}
    called: Annotated[Code | None, Field(description="Its name in the snapshot")] = None


class FreezeSnapshot(Form):
    """What to freeze. Without `figures` it is the set that is published, as the team sees it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "baseline", "title": "Before project year 4"}]}
    )

    kind: SnapshotKind
    title: Wording
    figures: Annotated[tuple[FigureAsked, ...], Field(max_length=MOST)] = ()
    up_to: Annotated[
        Day | None,
        Field(description="The last day counted, of figures that have days; not when publishing"),
    ] = None
    anew: Annotated[
        tuple[Code, ...],
        Field(max_length=20, description="Published project years to be counted again"),
    ] = ()


class Frozen(Snapshot):
    """The snapshot that was made."""

    stands: Annotated[list[str], Field(default_factory=list)]
    """`figure/year` that was to be counted anew and stands as it was published: the change is of
    fewer people than anybody may be told of."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be frozen."""

    name: str
    figure: Figure
    asked: Asked


@router.post("/snapshots", status_code=201, response_model=Frozen)
async def freeze(form: FreezeSnapshot, database: Store, key: idempotency.Asked) -> Response:
    """Freeze figures at one moment of the journal. What is published is what `/published` shows."""
    _check(form)
    publishes = form.kind is SnapshotKind.PUBLISHED
    async with database.pool.acquire(timeout=5) as conn:
        tables = [_up_to(table, form.up_to) for table in await _tables(form, conn)]
        release = await next_release(conn, anew=form.anew) if publishes else None
    # Before the transaction that writes, which may stand idle for seconds only.
    asked = [(one.figure, one.asked) for one in tables]
    counted = await count_together(database, [*asked, *(release.asked if release else ())])
    released = release.released(counted[len(tables) :]) if release else None
    counted = counted[: len(tables)]
    keep = partial(_keep, form=form, tables=tables, counted=counted, released=released)
    return await idempotency.once(database, key, keep)


def _check(form: FreezeSnapshot) -> None:
    if form.kind is not SnapshotKind.PUBLISHED:
        if form.anew:
            raise Refused(errors=[Fault("/anew", "not_published", "Only when publishing.")])
        return
    fixed = "What is published is always the same set: leave this out."
    faults = [
        Fault(f"/{name}", "fixed_set", fixed)
        for name in ("figures", "up_to")
        if getattr(form, name)
    ]
    if faults:
        raise Refused(errors=faults)


async def _tables(form: FreezeSnapshot, conn: Conn) -> list[Table]:
    if not form.figures:
        return [Table(*table) for table in team_tables()]
    tables, faults = list[Table](), list[Fault]()
    for place, one in enumerate(form.figures):
        try:
            tables.append(await _table(one, conn))
        except Refused as refused:
            faults += [
                replace(fault, pointer=f"/figures/{place}{fault.pointer}")
                for fault in refused.errors
            ]
    names = [table.name for table in tables]
    if len(set(names)) < len(names):
        twice = "Two have the same name: say what they are `called`."
        faults.append(Fault("/figures", "named_twice", twice))
    if faults:
        raise Refused(errors=faults)
    return tables


async def _table(one: FigureAsked, conn: Conn) -> Table:
    figure = known_figure(one.name)
    by = {"by": ",".join(one.by)} if one.by else {}
    asked = await asked_of(figure, QueryParams({**one.filters, **by}), conn)
    return Table(one.called or ".".join((one.name, *one.by)), figure, asked)


def _up_to(table: Table, day: date | None) -> Table:
    last = table.figure.days[1]
    if day is None or last is None or (table.asked.last and table.asked.last <= day):
        return table
    words = {**table.asked.words, last.name: day.isoformat()}
    return replace(table, asked=replace(table.asked, words=words, last=day))


async def _keep(
    conn: Conn,
    *,
    form: FreezeSnapshot,
    tables: Sequence[Table],
    counted: Sequence[Counted],
    released: Released | None,
) -> idempotency.Answer:
    now = datetime.now(UTC)
    snapshot = Frozen(
        snapshot_id=uuid7(),
        kind=form.kind,
        title=form.title,
        up_to=form.up_to,
        frozen_at=now,
        as_of=counted[0].as_of or now,
        journal_position=counted[0].position,
        tables=[table.name for table in tables],
        stands=released.stands if released else [],
    )
    answers = [
        answer_of(table.figure, table.asked, one)
        for table, one in zip(tables, counted, strict=True)
    ]
    await snapshot_rows.insert(conn, snapshot, answers)
    if released is not None:
        await _publish(conn, snapshot, released)
    await outbox.add(
        conn,
        SnapshotFrozen(
            snapshot_id=snapshot.snapshot_id,
            kind=snapshot.kind,
            title=snapshot.title,
            tables=len(tables),
            as_of=snapshot.as_of,
            journal_position=snapshot.journal_position,
        ),
    )
    return idempotency.Answer.of(snapshot)


async def _publish(conn: Conn, snapshot: Snapshot, released: Released) -> None:
    await snapshot_rows.one_publication_at_a_time(conn)
    newest = await snapshot_rows.newest_published(conn, but=snapshot.snapshot_id)
    if (newest.snapshot_id if newest else None) != released.after:
        raise Conflict("Somebody else has published in the meantime. Look at it, then try again.")
    await snapshot_rows.insert_shown(conn, snapshot.snapshot_id, released.shown)
    await outbox.add(conn, *told_of(snapshot, released.shown, released.before))
