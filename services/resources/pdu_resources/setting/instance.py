"""What one city has otherwise than another: read, changed one by one, or all at once."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import BaseModel

from pdu_resources.rules.instance import (
    Change,
    Document,
    Value,
    Word,
    completed,
    contradictions,
    differences,
)
from pdu_resources.setting.catalogue import SETTINGS
from pdu_resources.setting.document import as_json, present, settings
from pdu_resources.setting.forms import (
    DescribeWord,
    DescribeYear,
    GiveValue,
    InstanceForm,
    checked,
    year,
)
from pdu_resources.setting.writing import write
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.local_time import local_day
from pdu_shared.problems import Fault, NotFound, PreconditionFailed, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["settings"])

AnyCode = Annotated[Code, Path(description="The code of a word, a work stream or a year")]
Scheme = Annotated[
    Literal["sector", "work_field", "role_level", "area", "heard_about"],
    Path(description="Which list"),
]


class SettingSeen(BaseModel):
    """A setting, what it begins with, and what it is."""

    name: str
    words: str
    default: bool | int | str | list[str]
    value: bool | int | str | list[str]


class SettingsSeen(BaseModel):
    """Every setting that there is."""

    items: list[SettingSeen]


class Difference(BaseModel):
    """What is, or would be, otherwise than before."""

    pointer: str
    kind: str
    was: str | None
    becomes: str | None


class Changed(BaseModel):
    """The differences; with `dry_run` nothing was changed."""

    dry_run: bool
    changes: list[Difference]


@router.get("/settings")
async def read_settings(database: Store) -> SettingsSeen:
    """Every setting, and what it means."""
    async with database.pool.acquire(timeout=5) as conn:
        values = await settings(conn)
    return SettingsSeen(
        items=[
            SettingSeen(
                name=name,
                words=one.words,
                default=_plain(one.default),
                value=_plain(values[name]),
            )
            for name, one in SETTINGS.items()
        ]
    )


@router.put("/settings/{name}")
async def set_one(name: Code, form: GiveValue, database: Store, caller: Who, now: Now) -> Changed:
    """Give a setting another value. Every service hears of it."""
    if name not in SETTINGS:
        raise NotFound
    wanted = replace(NOTHING, settings=checked({name: form.value}))
    async with transaction(database) as conn:
        return await _change(conn, wanted, caller=caller, now=now)


@router.put("/vocabulary/{scheme}/{code}")
async def describe_word(  # noqa: PLR0913 - what a route asks for
    scheme: Scheme, code: AnyCode, form: DescribeWord, database: Store, *, caller: Who, now: Now
) -> Changed:
    """Add a word to a list, rename it, retire it, or let it be chosen again."""
    word = Word(code, form.label, form.valid_to)
    async with transaction(database) as conn:
        await _one_at_a_time(conn)
        before = (await present(conn)).words[scheme] or ()
        words = [word if one.code == code else one for one in before]
        if word not in words:
            words.append(word)
        wanted = replace(NOTHING, words={scheme: words})
        return await _change(conn, wanted, caller=caller, now=now)


@router.put("/project-years/{code}")
async def describe_year(
    code: AnyCode, form: DescribeYear, database: Store, caller: Who, now: Now
) -> Changed:
    """Say from when to when a project year is."""
    wanted = replace(NOTHING, project_years=[year(code, form)])
    async with transaction(database) as conn:
        return await _change(conn, wanted, caller=caller, now=now)


@router.get("/instance")
async def export(database: Store) -> Response:
    """The whole of it as one document, which another installation takes."""
    async with database.pool.acquire(timeout=5) as conn:
        body = _body(await present(conn))
    return Response(body, headers={"ETag": _etag(body)}, media_type="application/json")


@router.put("/instance")
async def take(  # noqa: PLR0913 - what a route asks for
    form: InstanceForm,
    database: Store,
    if_match: Annotated[str, Header(description="The ETag of the document, as you read it")],
    *,
    caller: Who,
    now: Now,
    dry_run: Annotated[bool, Query(description="Only say what would change")] = False,
) -> Changed:
    """Make this installation as the document says: all of it, or nothing.

    What it does not name stays. Words that it leaves out of a list which it names are retired; a
    code that was ever used is never deleted.
    """
    wanted = form.document()
    async with transaction(database) as conn:
        await _one_at_a_time(conn)
        if if_match != _etag(_body(await present(conn))):
            raise PreconditionFailed
        return await _change(conn, wanted, caller=caller, now=now, dry_run=dry_run)


NOTHING = Document(settings={}, words={}, workstreams=None, project_years=None)


async def _change(
    conn: Conn, wanted: Document, *, caller: Caller, now: datetime, dry_run: bool = False
) -> Changed:
    await _one_at_a_time(conn)
    before = await present(conn)
    whole = completed(wanted, before, today=local_day(now))
    if faults := [Fault(*one) for one in contradictions(whole)]:
        raise Refused(errors=faults)
    changes = differences(before, whole)
    if not dry_run:
        await write(conn, whole, changes, by=caller.sub, now=now)
    return Changed(dry_run=dry_run, changes=[_difference(one) for one in changes])


async def _one_at_a_time(conn: Conn) -> None:
    # Two documents at once would each be half true.
    await conn.execute("LOCK TABLE setting IN SHARE ROW EXCLUSIVE MODE")


def _difference(change: Change) -> Difference:
    return Difference(
        pointer=change.pointer, kind=change.kind, was=change.was, becomes=change.becomes
    )


def _plain(value: Value) -> bool | int | str | list[str]:
    return list(value) if isinstance(value, tuple) else value


def _body(document: Document) -> str:
    told: dict[str, Any] = as_json(document)
    return json.dumps(told, default=str, ensure_ascii=False)


def _etag(body: str) -> str:
    return f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
