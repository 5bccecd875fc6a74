"""A private log is written, changed and deleted by one person."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, Header
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.reflection.entry import About, Reflection, etag, mine, shown
from pdu_resources.rules.project_year import local_date
from pdu_resources.usage.activity import account_of
from pdu_shared.access import Caller, Who
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Fault, PreconditionFailed, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["reflections"])


class Write(Form):
    """What I want to keep for myself."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "What: R. left when I began with the form. So what: I began with what "
                    "I need. Now what: begin with him.",
                    "happened_on": "2026-11-20",
                    "about": {"kind": "module", "ref": "pie-reflective-practice"},
                }
            ]
        }
    )

    text: Paragraphs = Field(description="Leave out names: an initial is enough")
    happened_on: Day | None = Field(None, description="The day that it is about; else today")
    about: About | None = None


class Written(BaseModel):
    """It is kept. What was written is not repeated here."""

    reflection_id: UUID


@dataclass(frozen=True, slots=True)
class Seen:
    """Which version whoever edits has seen, and the answer that will tell the next one."""

    if_match: str
    response: Response


async def seen(
    if_match: Annotated[str, Header(description="The ETag of the entry, as you read it")],
    response: Response,
) -> Seen:
    """The version that whoever makes the present request has seen."""
    return Seen(if_match, response)


@router.post("/reflections", status_code=201, response_model=Written)
async def write(form: Write, database: Store, asked: Asked, caller: Who, now: Now) -> Response:
    """Write something down. Only I can read it, and it is counted nowhere."""
    _check(form, now)
    return await once(database, asked, partial(_write, form=form, caller=caller, now=now))


@router.put("/reflections/{reflection_id}")
async def rewrite(  # noqa: PLR0913 - each is one part of the request
    reflection_id: UUID,
    form: Write,
    version: Annotated[Seen, Depends(seen)],
    *,
    database: Store,
    caller: Who,
    now: Now,
) -> Reflection:
    """Write an entry otherwise. What it was before is not kept."""
    _check(form, now)
    async with transaction(database) as conn:
        before = await mine(conn, reflection_id, caller, lock=True)
        if etag(before) != version.if_match:
            raise PreconditionFailed
        await _update(conn, before, form, now)
        after = await mine(conn, reflection_id, caller)
    version.response.headers["ETag"] = etag(after)
    return shown(after)


@router.delete("/reflections/{reflection_id}", status_code=204)
async def delete(reflection_id: UUID, database: Store, caller: Who) -> None:
    """Delete an entry, for good. 404 for one that is not there, or not mine."""
    async with transaction(database) as conn:
        await mine(conn, reflection_id, caller, lock=True)
        await conn.execute("DELETE FROM reflection WHERE reflection_id = $1", reflection_id)


def _check(form: Write, now: datetime) -> None:
    if form.happened_on and form.happened_on > local_date(now):
        raise Refused(errors=[Fault("/happened_on", "future", "This day has not been yet.")])


async def _write(conn: Conn, *, form: Write, caller: Caller, now: datetime) -> Answer:
    # The answer is kept for repeated requests, so it holds nothing of what was written.
    reflection_id = uuid7()
    await conn.execute(
        """
        INSERT INTO reflection (reflection_id, person_id, text, about_kind, about_ref, happened_on,
                                written_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
        """,
        reflection_id,
        await account_of(conn, caller),
        *_columns(form, now),
        now,
    )
    return Answer.of(Written(reflection_id=reflection_id))


async def _update(conn: Conn, before: asyncpg.Record, form: Write, now: datetime) -> None:
    day = before["happened_on"] if form.happened_on is None else form.happened_on
    text, kind, ref, _ = _columns(form, now)
    await conn.execute(
        """
        UPDATE reflection
           SET text = $2, about_kind = $3, about_ref = $4, happened_on = $5, changed_at = $6,
               version = version + 1
         WHERE reflection_id = $1
        """,
        before["reflection_id"],
        text,
        kind,
        ref,
        day,
        now,
    )


def _columns(form: Write, now: datetime) -> tuple[str, str | None, str | None, date]:
    about = (form.about.kind, form.about.ref) if form.about else (None, None)
    return form.text, *about, form.happened_on or local_date(now)
