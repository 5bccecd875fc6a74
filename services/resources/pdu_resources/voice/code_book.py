"""The code book: themes, what they are called, and when they are used."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine, Paragraphs
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["texts"])


class DescribeTheme(Form):
    """A theme of the code book: what it is called, and when it is used."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"label": "Work with others", "means": "Any link to another service."}]
        }
    )

    label: OneLine
    means: Paragraphs
    retired: Annotated[bool, Field(strict=True)] = False


class Theme(BaseModel):
    """A theme, and how many texts have it."""

    code: str
    label: str
    means: str
    retired: bool
    texts: int


class CodeBook(BaseModel):
    """All themes, in the order of their codes."""

    themes: list[Theme]


@router.get("/themes")
async def themes(database: Store) -> CodeBook:
    """The code book."""
    async with database.pool.acquire(timeout=5) as conn:
        return CodeBook(themes=await _themes(conn))


@router.put("/themes/{code}")
async def describe(code: Annotated[Code, Path()], form: DescribeTheme, database: Store) -> Theme:
    """Put a theme into the code book, describe it otherwise, or use it no more."""
    async with transaction(database) as conn:
        await conn.execute(
            """
            INSERT INTO theme (code, label, means, retired) VALUES ($1, $2, $3, $4)
                ON CONFLICT (code) DO UPDATE
               SET label = excluded.label, means = excluded.means, retired = excluded.retired
            """,
            code,
            form.label,
            form.means,
            form.retired,
        )
        return next(one for one in await _themes(conn) if one.code == code)


async def check_themes(conn: Conn, codes: tuple[str, ...]) -> None:
    """Raise Refused for themes that are not in the code book, or not used any more."""
    used = [one.code for one in await _themes(conn) if not one.retired]
    detail = f"Possible are: {', '.join(used[:40])}."
    faults = [
        Fault(f"/themes/{place}", "unknown-theme", detail)
        for place, code in enumerate(codes)
        if code not in used
    ]
    if faults:
        raise Refused(errors=faults)


async def _themes(conn: Conn) -> list[Theme]:
    rows = await conn.fetch("""
        SELECT code, label, means, retired,
               (SELECT count(*) FROM text_coding WHERE theme.code = ANY (themes)) AS texts
          FROM theme
         ORDER BY code
        """)
    return [Theme(**row) for row in rows]
