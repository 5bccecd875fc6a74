"""The end of a work stream, and in which others it goes on."""

from datetime import date, timedelta
from typing import Annotated

import asyncpg
import structlog
from fastapi import APIRouter
from pydantic import ConfigDict, Field

from pdu_resources.library.streams import (
    ONE_AT_A_TIME,
    Stream,
    every_stream,
    successors_of_all,
)
from pdu_resources.rules.workstream import circles
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.vocabulary import WorkstreamRetired
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, OneLine
from pdu_shared.identity import derived_id
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Store

MOST_SUCCESSORS = 10

log = structlog.get_logger()
router = APIRouter(tags=["workstreams"])


class Successor(Form):
    """A work stream in which another one goes on."""

    code: Code
    note: OneLine | None = None


class Retire(Form):
    """The last day of a work stream, and where it goes on: in one, in several, or in none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"last_day": "2027-03-31", "successors": [{"code": "housing"}]}]
        }
    )

    last_day: Day
    successors: Annotated[tuple[Successor, ...], Field(max_length=MOST_SUCCESSORS)] = ()


@router.put("/workstreams/{code}/retirement")
async def retire(code: Code, form: Retire, database: Store) -> Stream:
    """End a work stream, and say in which others it goes on. Nothing that is filed is lost.

    Whoever asks for the old one finds what is filed under the new ones, and the other way round.
    """
    async with transaction(database) as conn:
        await conn.execute(ONE_AT_A_TIME)
        await _refuse_unknown(conn, code, form)
        last = await _end(conn, code, form.last_day)
        await _follow(conn, code, form)
        new = tuple(dict.fromkeys(one.code for one in form.successors))
        retired = WorkstreamRetired(
            workstream_id=derived_id("workstream", code),
            code=code,
            valid_to=last,
            maps_to=new,
        )
        await outbox.add(conn, retired)
        [stream] = [one for one in await every_stream(conn) if one.code == code]
    log.info("workstream retired", code=code, successors=len(new))
    return stream


async def _refuse_unknown(conn: Conn, code: str, form: Retire) -> None:
    ways = await successors_of_all(conn)
    known = {row["code"] for row in await conn.fetch("SELECT code::text FROM workstream")}
    if code not in known:
        raise NotFound
    after = {**ways, code: {one.code for one in form.successors}}
    faults = [
        Fault(f"/successors/{place}/code", "unknown-code", "There is no such work stream.")
        for place, one in enumerate(form.successors)
        if one.code not in known
    ] or [
        Fault(f"/successors/{place}/code", "circle", "It would go on in itself.")
        for place, one in enumerate(form.successors)
        if one.code == code or circles(after)
    ]
    if faults:
        raise Refused(errors=faults)


async def _end(conn: Conn, code: str, last_day: date) -> date:
    try:
        async with conn.transaction():
            ended = await conn.fetchval(
                """
                UPDATE workstream SET valid_to = $2
                 WHERE code = $1
                   AND valid_from = (SELECT max(valid_from) FROM workstream WHERE code = $1)
             RETURNING valid_to
                """,
                code,
                last_day,
            )
    except asyncpg.CheckViolationError:
        words = "Its present name begins on a later day."
        raise Refused(errors=[Fault("/last_day", "too-early", words)]) from None
    assert isinstance(ended, date), "the code is known"
    return ended


async def _follow(conn: Conn, code: str, form: Retire) -> None:
    await conn.execute("DELETE FROM workstream_successor WHERE code = $1", code)
    notes = {one.code: one.note for one in form.successors}
    await conn.execute(
        """
        INSERT INTO workstream_successor (code, successor, since, note)
        SELECT $1, successor, $2, note FROM unnest($3::text[], $4::text[]) AS one (successor, note)
        """,
        code,
        form.last_day + timedelta(days=1),
        list(notes),
        list(notes.values()),
    )
