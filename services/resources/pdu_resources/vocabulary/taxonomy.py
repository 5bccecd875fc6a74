"""The lists that everybody uses: sectors, work fields, work streams, project years."""

import hashlib
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, Field

from pdu_resources.rules.project_year import local_date
from pdu_shared.database import Conn
from pdu_shared.runtime import Now, Store

CACHED = {"Cache-Control": "public, max-age=300"}
router = APIRouter(tags=["vocabulary"])


class Word(BaseModel):
    """A word of a list: what programs use and what people read."""

    code: str
    label: str


class Year(Word):
    """A project year."""

    starts_on: date = Field(serialization_alias="from")
    ends_on: date = Field(serialization_alias="to")
    is_partial: bool


class Vocabulary(BaseModel):
    """Every list, in the order in which it is shown."""

    sectors: list[Word]
    work_fields: list[Word]
    role_levels: list[Word]
    areas: list[Word]
    heard_about: list[Word]
    workstreams: list[Word]
    project_years: list[Year]


@router.get(
    "/vocabulary",
    response_model=Vocabulary,
    responses={304: {"description": "You have it already."}},
)
async def vocabulary(
    database: Store, now: Now, if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """The words to choose from, and the project years, as they are today."""
    async with database.pool.acquire(timeout=5) as conn:
        words = await _words_on(conn, local_date(now))
        years = await _years(conn)
    body = Vocabulary(**words, project_years=years).model_dump_json(by_alias=True)
    headers = CACHED | {"ETag": f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'}
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    if headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


async def codes(conn: Conn) -> dict[str, list[str]]:
    """The codes that a member's profile is made of today, by its field."""
    rows = await conn.fetch("""
        SELECT 'sector' AS field, array_agg(code::text ORDER BY place) AS codes
          FROM sector WHERE coalesce(valid_to, 'infinity') >= current_date
        UNION ALL SELECT 'work_field', array_agg(code::text ORDER BY place)
          FROM work_field WHERE coalesce(valid_to, 'infinity') >= current_date
        UNION ALL SELECT 'role_level', array_agg(code::text ORDER BY place)
          FROM role_level WHERE coalesce(valid_to, 'infinity') >= current_date
        UNION ALL SELECT 'area', array_agg(code::text ORDER BY place)
          FROM area WHERE coalesce(valid_to, 'infinity') >= current_date
        """)
    return {row["field"]: row["codes"] or [] for row in rows}


async def interests(conn: Conn) -> list[str]:
    """The codes that somebody may be interested in: every work stream that there is or was."""
    rows = await conn.fetch("SELECT code FROM workstream GROUP BY code ORDER BY min(place), code")
    return [row["code"] for row in rows]


async def _words_on(conn: Conn, day: date) -> dict[str, list[Word]]:
    rows = await conn.fetch(
        """
        SELECT 'sectors' AS list, code, label, place FROM sector
         WHERE coalesce(valid_to, 'infinity') >= $1
        UNION ALL SELECT 'work_fields',   code, label, place FROM work_field
                   WHERE coalesce(valid_to, 'infinity') >= $1
        UNION ALL SELECT 'role_levels',   code, label, place FROM role_level
                   WHERE coalesce(valid_to, 'infinity') >= $1
        UNION ALL SELECT 'areas',         code, label, place FROM area
                   WHERE coalesce(valid_to, 'infinity') >= $1
        UNION ALL SELECT 'heard_about',   code, label, place FROM heard_about
                   WHERE coalesce(valid_to, 'infinity') >= $1
        UNION ALL SELECT 'workstreams',   code, label, place FROM workstream
                   WHERE $1 BETWEEN valid_from AND coalesce(valid_to, 'infinity')
         ORDER BY list, place, code
        """,
        day,
    )
    words: dict[str, list[Word]] = {name: [] for name in Vocabulary.model_fields}
    del words["project_years"]
    for row in rows:
        words[row["list"]].append(Word(code=row["code"], label=row["label"]))
    return words


async def _years(conn: Conn) -> list[Year]:
    rows = await conn.fetch("""
        SELECT code, label, starts_on, ends_on, is_partial FROM project_year ORDER BY starts_on
        """)
    return [Year(**row) for row in rows]
