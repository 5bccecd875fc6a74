"""How far a member is with a module: begun, gone on with on another device, completed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.learning.reminding import settle_reminder
from pdu_resources.learning.suite import ModuleKey
from pdu_resources.member.same_person import ids_of
from pdu_resources.pathway.settling import settle
from pdu_resources.rules.activity import Action
from pdu_resources.rules.module import unseen
from pdu_resources.usage.activity import Activity, account_of, note_down
from pdu_shared.access import Who
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["e-learning"])


class State(StrEnum):
    """How far somebody is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


class SavePlace(Form):
    """Where somebody is in a module."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"page": 2}]})

    page: Annotated[int, Field(ge=1, le=99), WRITTEN_AS_NUMBER] = 1
    newest: bool = Field(
        default=False, description="Begin the newer version, when mine is completed"
    )


class Progress(BaseModel):
    """How far somebody is with a module."""

    module_key: str
    state: State
    version: int = Field(description="The one they read, also when there is a newer one")
    newer_version: bool
    page: int | None = Field(description="Where they were last")
    pages: int
    answered: list[str] = Field(description="The codes of the questions they have answered")
    started_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """Somebody with a module: the version that is theirs, and their progress, if they began."""

    module_id: UUID
    module_key: str
    version: int
    newest: int
    is_offered: bool
    pages: tuple[str, ...]
    progress_id: UUID | None
    page: int | None
    furthest: int
    started_at: datetime | None
    completed_at: datetime | None

    @property
    def state(self) -> State:
        """How far they are."""
        if self.progress_id is None:
            return State.NOT_STARTED
        return State.COMPLETED if self.completed_at else State.IN_PROGRESS

    @property
    def may_begin_anew(self) -> bool:
        """Whether they completed theirs, and there is a newer one."""
        return self.completed_at is not None and self.newest > self.version and self.is_offered


@router.get("/modules/{module_key}/progress")
async def read_progress(module_key: ModuleKey, database: Store, caller: Who) -> Progress:
    """Where I am with this module: enough to go on with it anywhere."""
    async with database.pool.acquire(timeout=5) as conn:
        person_id = await account_of(conn, caller)
        return await _shown(conn, await learner(conn, person_id, module_key))


@router.put("/modules/{module_key}/progress")
async def save_place(
    module_key: ModuleKey, form: SavePlace, database: Store, caller: Who, now: Now
) -> Progress:
    """Begin a module, or save where I am. Both may be repeated; what was completed stays so."""
    async with transaction(database) as conn:
        person_id = await account_of(conn, caller)
        before = await learner(conn, person_id, module_key)
        if before.progress_id is None or (form.newest and before.may_begin_anew):
            await _begin(conn, before, person_id, now)
            before = await learner(conn, person_id, module_key)
        if form.page > len(before.pages):
            raise _no_such_page(before)
        await _save(conn, before, form.page, now)
        return await _shown(conn, await learner(conn, person_id, module_key))


@router.put("/modules/{module_key}/completion")
async def complete(module_key: ModuleKey, database: Store, caller: Who, now: Now) -> Progress:
    """Complete a module whose last page I have come to. Twice is once.

    409 for a module that was not begun, or that has pages left.
    """
    async with transaction(database) as conn:
        person_id = await account_of(conn, caller)
        before = await learner(conn, person_id, module_key, lock=True)
        if before.progress_id is None:
            raise Conflict("Begin it first.")
        if before.completed_at is None:
            if left := unseen(len(before.pages), before.furthest):
                raise Conflict(f"There is more to see: go on with page {left}.")
            await _complete(conn, before, now)
            done = Activity(person_id, module_key, Action.MODULE_COMPLETED, now)
            await note_down(conn, done)
            await settle(conn, person_id, now=now)
            await settle_reminder(conn, before.module_id, await ids_of(conn, person_id))
        return await _shown(conn, await learner(conn, person_id, module_key))


async def learner(conn: Conn, person_id: UUID, module_key: str, *, lock: bool = False) -> Learner:
    """Somebody with a module. Of one that they began and one that is newer, the first.

    Whoever completed a version reads that one until they begin the newer. Raises NotFound for a
    module that they can neither begin nor have begun.
    """
    row = await _select(conn, await ids_of(conn, person_id), module_key)
    if row is None:
        raise NotFound
    if lock and row["progress_id"]:
        await conn.execute(
            "SELECT FROM module_progress WHERE progress_id = $1 FOR UPDATE", row["progress_id"]
        )
        row = await _select(conn, await ids_of(conn, person_id), module_key)
        assert row is not None, "modules are never deleted"
    return Learner(**{**row, "pages": tuple(row["pages"])})


def _no_such_page(one: Learner) -> Refused:
    told = f"This module has {len(one.pages)} pages."
    return Refused(errors=[Fault("/page", "no-such-page", told)])


async def _shown(conn: Conn, one: Learner) -> Progress:
    rows = await conn.fetch(
        "SELECT question_code FROM module_answer WHERE progress_id = $1 ORDER BY 1", one.progress_id
    )
    return Progress(
        module_key=one.module_key,
        state=one.state,
        version=one.version,
        newer_version=one.newest > one.version,
        page=one.page,
        pages=len(one.pages),
        answered=[row["question_code"] for row in rows],
        started_at=one.started_at,
        completed_at=one.completed_at,
    )


async def _select(conn: Conn, person_ids: list[UUID], module_key: str) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT module.module_id, module_key, module_version.version, module.version AS newest,
               state = 'published' AS is_offered, pages, progress_id, page,
               coalesce(furthest, 0) AS furthest, started_at, completed_at
          FROM module
          LEFT JOIN module_progress ON module_progress.module_id = module.module_id
                                   AND person_id = ANY ($1::uuid[])
          JOIN module_version ON module_version.module_id = module.module_id
                             AND module_version.version
                               = coalesce(module_progress.version, module.version)
         WHERE module_key = $2 AND (state = 'published' OR progress_id IS NOT NULL)
         ORDER BY completed_at DESC NULLS FIRST
         LIMIT 1
        """,
        person_ids,
        module_key,
    )


async def _begin(conn: Conn, one: Learner, person_id: UUID, now: datetime) -> None:
    """Begin with the newest version. Of two who begin at once on two devices, one does."""
    began = await conn.fetchval(
        """
        INSERT INTO module_progress (progress_id, person_id, module_id, version, page, furthest,
                                     started_at, seen_at)
        VALUES ($1, $2, $3, $4, 1, 1, $5, $5)
            ON CONFLICT DO NOTHING
        RETURNING true
        """,
        uuid7(),
        person_id,
        one.module_id,
        one.newest,
        now,
    )
    if began:
        await note_down(conn, Activity(person_id, one.module_key, Action.MODULE_STARTED, now))


async def _save(conn: Conn, one: Learner, page: int, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE module_progress SET page = $2, furthest = greatest(furthest, $2), seen_at = $3
         WHERE progress_id = $1
        """,
        one.progress_id,
        page,
        now,
    )


async def _complete(conn: Conn, one: Learner, now: datetime) -> None:
    await conn.execute(
        "UPDATE module_progress SET completed_at = $2, seen_at = $2 WHERE progress_id = $1",
        one.progress_id,
        now,
    )
