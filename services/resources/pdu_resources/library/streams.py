"""Work streams through the years: their names, what became of them, and what there is in each."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from pdu_resources.rules.workstream import family
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.vocabulary import WorkstreamDefined
from pdu_shared.database import Conn
from pdu_shared.forms import Day, Form, PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import derived_id
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Store

MOST_WORKSTREAMS = 200
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('workstream'))"

router = APIRouter(tags=["workstreams"])


class Named(BaseModel):
    """What a work stream was called, and when."""

    label: str
    valid_from: date
    valid_to: date | None


class Goes(BaseModel):
    """Where a work stream goes on."""

    successor: str
    since: date
    note: str | None


class Stream(BaseModel):
    """A work stream with all its names, what it became, and how many items are filed under it."""

    code: str
    names: list[Named]
    successors: list[Goes]
    items: int


class Streams(BaseModel):
    """Every work stream that there is or was."""

    workstreams: list[Stream]


class NameStream(Form):
    """What a work stream is called from a day on. The name before it ends the day before."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "debt", "label": "Debt and money", "valid_from": "2027-04-01"}]
        }
    )

    code: Code
    label: PublishedLine
    valid_from: Day


@router.get("/workstreams")
async def workstreams(database: Store) -> Streams:
    """Work streams through the years: every name with its days, and what became of each."""
    async with database.pool.acquire(timeout=5) as conn:
        return Streams(workstreams=await every_stream(conn))


@router.post("/workstreams", status_code=201, response_model=Stream)
async def define(form: NameStream, database: Store, asked: Asked) -> Response:
    """Begin a work stream, or call one otherwise from a day on. What is filed under it stays."""
    return await once(database, asked, partial(_define, form=form))


async def family_of(conn: Conn, code: str) -> list[str]:
    """All codes under which that what is meant by this one may be filed."""
    return sorted(family(code, await successors_of_all(conn)))


async def _define(conn: Conn, *, form: NameStream) -> Answer:
    await conn.execute(ONE_AT_A_TIME)
    streams = {one.code: one for one in await every_stream(conn)}
    if form.code not in streams and len(streams) >= MOST_WORKSTREAMS:
        raise Conflict(f"There are {MOST_WORKSTREAMS} work streams: retire one first.")
    if form.code in streams and form.valid_from <= streams[form.code].names[-1].valid_from:
        words = "It has a name from that day or a later one on."
        raise Refused(errors=[Fault("/valid_from", "too-early", words)])
    await conn.execute(
        """
        UPDATE workstream SET valid_to = $2
         WHERE code = $1 AND (valid_to IS NULL OR valid_to >= $2)
        """,
        form.code,
        form.valid_from - timedelta(days=1),
    )
    await conn.execute(
        """
        INSERT INTO workstream (code, label, valid_from, place)
        VALUES ($1, $2, $3, (SELECT least(32000, coalesce(max(place), 0) + 1) FROM workstream))
        """,
        form.code,
        form.label,
        form.valid_from,
    )
    defined = WorkstreamDefined(
        workstream_id=derived_id("workstream", form.code),
        code=form.code,
        label=form.label,
        valid_from=form.valid_from,
    )
    await outbox.add(conn, defined)
    [stream] = [one for one in await every_stream(conn) if one.code == form.code]
    return Answer.of(stream)


async def successors_of_all(conn: Conn) -> Mapping[str, set[str]]:
    """In which others each goes on."""
    rows = await conn.fetch("SELECT code::text, successor::text FROM workstream_successor")
    ways: dict[str, set[str]] = {}
    for row in rows:
        ways.setdefault(row["code"], set()).add(row["successor"])
    return ways


async def every_stream(conn: Conn) -> list[Stream]:
    """All of them, in the order of the programme."""
    names = await conn.fetch("""
        SELECT code::text, label, valid_from, valid_to, min(place) OVER (PARTITION BY code) AS place
          FROM workstream ORDER BY place, code, valid_from
        """)
    ways = await conn.fetch("""
        SELECT code::text, successor::text, since, note
          FROM workstream_successor ORDER BY successor
        """)
    filed = await conn.fetch("""
        SELECT code, count(*) AS items FROM library_item, unnest(workstreams) AS code
         WHERE state = 'published' GROUP BY code
        """)
    items = {row["code"]: row["items"] for row in filed}
    streams: dict[str, Stream] = {}
    for row in names:
        code = row["code"]
        stream = streams.setdefault(
            code, Stream(code=code, names=[], successors=[], items=items.get(code, 0))
        )
        stream.names.append(
            Named(label=row["label"], valid_from=row["valid_from"], valid_to=row["valid_to"])
        )
    for way in ways:
        streams[way["code"]].successors.append(
            Goes(successor=way["successor"], since=way["since"], note=way["note"])
        )
    return list(streams.values())
