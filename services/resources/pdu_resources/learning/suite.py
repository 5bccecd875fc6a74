"""The suite of e-learning modules, as everybody may look at it before they begin."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_resources.rules.module_page import read_page
from pdu_shared import outbox
from pdu_shared.contracts.resources.learning import ModuleRetired
from pdu_shared.contracts.vocabulary import Level
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["e-learning"])

ModuleKey = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]


class ModuleInSuite(BaseModel):
    """A module in the list. One that is announced has a title, and can be begun later."""

    module_key: str
    title: str
    state: Literal["announced", "published"]
    summary: str | None
    level: Level | None
    minutes: int | None = Field(description="How long most people need, in one go or in several")
    is_example: bool | None = Field(
        description="Whether it came with the software, to show how modules are written"
    )


class Group(BaseModel):
    """Modules about one subject."""

    code: str
    label: str
    modules: list[ModuleInSuite]


class Suite(BaseModel):
    """Every module that can be begun or is announced, in its group."""

    groups: list[Group]


class ModuleSeen(BaseModel):
    """A module, before somebody begins with it."""

    module_key: str
    group: str
    title: str
    summary: str
    level: Level
    minutes: int
    outcomes: list[str]
    content_note: str | None = Field(description="What in it may be hard to read")
    support: str | None = Field(description="To whom one can talk about that")
    credit: list[str]
    is_example: bool
    version: int
    pages: list[str] = Field(description="Their titles")


@router.get("/modules")
async def suite(database: Store) -> Suite:
    """The suite of modules: free for everybody with an account, at their own pace."""
    rows = await database.pool.fetch("""
        SELECT module_group.code, label, module_key, module.title, state, summary, level, minutes,
               is_example
          FROM module_group
          LEFT JOIN module ON module.group_code = module_group.code AND state <> 'retired'
          LEFT JOIN module_version USING (module_id, version)
         ORDER BY module_group.place, module.place, module_key
        """)
    return Suite(groups=_groups(rows))


@router.get("/modules/{module_key}")
async def module(module_key: ModuleKey, database: Store) -> ModuleSeen:
    """What a module is about, for whom, and how long it takes."""
    row = await database.pool.fetchrow(
        """
        SELECT module_key, group_code AS "group", version_now.title, summary, level, minutes,
               outcomes, content_note, support, credit, is_example, version_now.version, pages
          FROM module JOIN module_version AS version_now USING (module_id, version)
         WHERE module_key = $1 AND state = 'published'
        """,
        module_key,
    )
    if row is None:
        raise NotFound
    return ModuleSeen(**{**row, "pages": [read_page(page).title for page in row["pages"]]})


@router.delete("/modules/{module_key}", status_code=204)
async def retire(module_key: ModuleKey, database: Store) -> Response:
    """Retire a module: nobody begins it any more, and whoever has begun may complete it.

    It is back once its pages are sent in again. Twice is once.
    """
    async with transaction(database) as conn:
        row = await conn.fetchrow(
            "SELECT module_id, state FROM module WHERE module_key = $1 FOR UPDATE", module_key
        )
        if row is None:
            raise NotFound
        if row["state"] == "announced":
            raise Conflict("It is only announced.")
        if row["state"] == "published":
            await _retire(conn, row["module_id"], module_key)
    return Response(status_code=204)


async def _retire(conn: Conn, module_id: UUID, module_key: str) -> None:
    await conn.execute("UPDATE module SET state = 'retired' WHERE module_id = $1", module_id)
    await outbox.add(conn, ModuleRetired(module_id=module_id, module_key=module_key))


def _groups(rows: Sequence[asyncpg.Record]) -> list[Group]:
    groups: dict[str, Group] = {}
    for row in rows:
        told = dict(row)
        code, label = told.pop("code"), told.pop("label")
        group = groups.setdefault(code, Group(code=code, label=label, modules=[]))
        if told["module_key"]:
            group.modules.append(ModuleInSuite(**told))
    return list(groups.values())
