"""A module is published: a version that stays as it is, for whoever begins with it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_resources.learning.archive import ZIP, texts_of
from pdu_resources.learning.manuscript import Manuscript, fault, read
from pdu_resources.rules.project_year import local_date
from pdu_resources.usage.activity import item_id_of
from pdu_shared import outbox
from pdu_shared.contracts.resources.learning import ModulePublished
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.problems import Refused
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["e-learning"])

_DESCRIBED: dict[str, Any] = {
    "requestBody": {
        "description": "A zip file of a module's folder, at most 1 MiB: `module.toml` and pages",
        "required": True,
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class How(Form):
    """How a module is taken."""

    dry_run: bool = Field(default=False, description="Say what would be published, and do not")


class Published(BaseModel):
    """A module that was sent in, as it was read."""

    module_key: str
    title: str
    version: int = Field(description="The one that is begun from now on")
    is_new: bool = Field(description="False if it says what the version before said")
    pages: int
    questions: int
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a module as it is kept."""

    manuscript: Manuscript
    version: int
    published_at: datetime
    is_shipped: bool


@router.post("/modules", status_code=201, response_model=Published, openapi_extra=_DESCRIBED)
async def take(
    request: Request, how: Annotated[How, Query()], database: Store, asked: Asked, now: Now
) -> Response:
    """Publish a module, or a new version of it. Whoever is learning goes on with theirs.

    What is wrong with the files is named by file and line, and then nothing is published.
    """
    manuscript = await run_in_threadpool(_read, await request.body())
    if how.dry_run:
        async with transaction(database) as conn:
            return Answer.of(await _would_be(conn, manuscript)).response()
    return await once(database, asked, partial(_take, manuscript=manuscript, now=now))


def _read(body: bytes) -> Manuscript:
    return read(texts_of(body))


async def _take(conn: Conn, *, manuscript: Manuscript, now: datetime) -> Answer:
    before = await _latest(conn, manuscript.head.key)
    version = await publish(conn, manuscript, now=now, is_shipped=False)
    is_new = before is None or before["version"] != version
    return Answer.of(_published(manuscript, version, is_new=is_new, dry_run=False))


async def _would_be(conn: Conn, manuscript: Manuscript) -> Published:
    await _check_group(conn, manuscript)
    latest = await _latest(conn, manuscript.head.key)
    is_new = latest is None or latest["checksum"] != manuscript.checksum
    version = (latest["version"] if latest else 0) + is_new
    return _published(manuscript, version, is_new=is_new, dry_run=True)


async def publish(
    conn: Conn, manuscript: Manuscript, *, now: datetime, is_shipped: bool = False
) -> int:
    """Publish a module and tell of it; gives its version. The same words again are no new one.

    A module that was retired is back. Raises Refused for a group that is not in the list.
    """
    await _check_group(conn, manuscript)
    head = manuscript.head
    module_id = item_id_of(head.key)
    await _insert_module(conn, module_id, manuscript)
    await conn.execute("SELECT FROM module WHERE module_id = $1 FOR UPDATE", module_id)
    latest = await _latest(conn, head.key)
    if latest and latest["checksum"] == manuscript.checksum and latest["state"] == "published":
        return int(latest["version"])
    version: int = latest["version"] if latest else 0
    if latest is None or latest["checksum"] != manuscript.checksum:
        version += 1
        edition = Edition(manuscript, version, now, is_shipped)
        await _insert_version(conn, module_id, edition)
    await _set_current(conn, module_id, version, manuscript)
    told = ModulePublished(
        module_id=module_id,
        module_key=head.key,
        group=head.group,
        title=head.title,
        version=version,
        level=head.level,
        minutes=head.minutes,
        published_on=local_date(now),
    )
    await outbox.add(conn, told)
    log.info("module published", module_key=head.key, version=version)
    return version


async def publish_shipped(conn: Conn, manuscript: Manuscript) -> None:
    """Publish a module that came with the software, unless somebody here wrote their own."""
    latest = await _latest(conn, manuscript.head.key)
    if latest is None or (latest["is_shipped"] and latest["checksum"] != manuscript.checksum):
        await publish(conn, manuscript, now=datetime.now(UTC), is_shipped=True)


def _published(manuscript: Manuscript, version: int, *, is_new: bool, dry_run: bool) -> Published:
    return Published(
        module_key=manuscript.head.key,
        title=manuscript.head.title,
        version=version,
        is_new=is_new,
        pages=len(manuscript.pages),
        questions=manuscript.questions,
        dry_run=dry_run,
    )


async def _check_group(conn: Conn, manuscript: Manuscript) -> None:
    groups = [row["code"] for row in await conn.fetch("SELECT code FROM module_group ORDER BY 1")]
    if manuscript.head.group not in groups:
        told = f"group: possible are {', '.join(groups)}."
        raise Refused(errors=[fault("module.toml", None, "unknown-code", told)])


async def _latest(conn: Conn, module_key: str) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT module.state, module_version.version, checksum, is_shipped
          FROM module JOIN module_version USING (module_id)
         WHERE module_key = $1
         ORDER BY module_version.version DESC
         LIMIT 1
        """,
        module_key,
    )


async def _insert_module(conn: Conn, module_id: UUID, manuscript: Manuscript) -> None:
    """Make the module known, and as an item of the hub, if it is not."""
    head = manuscript.head
    await conn.execute(
        """
        INSERT INTO module (module_id, module_key, group_code, title, place, state)
        SELECT $1, $2, $3::code, $4, coalesce(max(place), 0) + 1, 'announced'
          FROM module WHERE group_code = $3::code
            ON CONFLICT (module_id) DO NOTHING
        """,
        module_id,
        head.key,
        head.group,
        head.title,
    )
    await conn.execute(
        """
        INSERT INTO item (item_id, item_key, kind, state) VALUES ($1, $2, 'module', 'published')
            ON CONFLICT (item_id) DO UPDATE SET kind = 'module', state = 'published'
        """,
        module_id,
        head.key,
    )


async def _insert_version(conn: Conn, module_id: UUID, edition: Edition) -> None:
    head = edition.manuscript.head
    await conn.execute(
        """
        INSERT INTO module_version (
               module_id, version, title, summary, level, minutes, outcomes, content_note, support,
               credit, is_example, is_shipped, pages, checksum, published_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """,
        module_id,
        edition.version,
        head.title,
        head.summary,
        head.level,
        head.minutes,
        head.outcomes,
        head.content_note,
        head.support,
        head.credit,
        head.example,
        edition.is_shipped,
        edition.manuscript.texts,
        edition.manuscript.checksum,
        edition.published_at,
    )


async def _set_current(conn: Conn, module_id: UUID, version: int, manuscript: Manuscript) -> None:
    await conn.execute(
        """
        UPDATE module SET version = $2, title = $3, group_code = $4, state = 'published'
         WHERE module_id = $1
        """,
        module_id,
        version,
        manuscript.head.title,
        manuscript.head.group,
    )
