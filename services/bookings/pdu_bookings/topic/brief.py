"""The brief of a learning event: what those who run it should know besides what everybody reads."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, Paragraphs
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["speakers"])


class WriteBrief(Form):
    """What those who run it should know. Purpose, outcomes and audience come with the event."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "Many who come are new to this. Begin with a story, not slides."}]
        }
    )

    text: Paragraphs


class Brief(BaseModel):
    """A brief. Each change is a new version, which is to be acknowledged anew."""

    version: int = Field(description="0 while there is nothing but what everybody reads")
    text: str | None


@router.get("/learning-events/{learning_event_id}/brief")
async def read_brief(learning_event_id: UUID, database: Store) -> Brief:
    """The brief of a learning event as it stands, for whoever writes it."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await conn.fetchval(
            "SELECT true FROM learning_event WHERE learning_event_id = $1", learning_event_id
        )
        if not found:
            raise NotFound
        return await brief_of(conn, learning_event_id)


@router.put("/learning-events/{learning_event_id}/brief")
async def write(learning_event_id: UUID, form: WriteBrief, database: Store, now: Now) -> Brief:
    """Write the brief of a learning event. The same text again is no new version."""
    async with transaction(database) as conn:
        await _lock_event(conn, learning_event_id)
        standing = await brief_of(conn, learning_event_id)
        if standing.text == form.text:
            return standing
        brief = Brief(version=standing.version + 1, text=form.text)
        await _insert(conn, learning_event_id, brief, now)
        return brief


async def brief_of(conn: Conn, learning_event_id: UUID) -> Brief:
    """The brief as it stands."""
    row = await conn.fetchrow(
        """
        SELECT version, text FROM brief
         WHERE learning_event_id = $1
         ORDER BY version DESC
         LIMIT 1
        """,
        learning_event_id,
    )
    return Brief(**row) if row else Brief(version=0, text=None)


async def _lock_event(conn: Conn, learning_event_id: UUID) -> None:
    """Of two who write at once, the second gets the later version. Raises NotFound."""
    found = await conn.fetchval(
        "SELECT true FROM learning_event WHERE learning_event_id = $1 FOR NO KEY UPDATE",
        learning_event_id,
    )
    if not found:
        raise NotFound


async def _insert(conn: Conn, learning_event_id: UUID, brief: Brief, now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO brief (learning_event_id, version, text, written_at) VALUES ($1, $2, $3, $4)
        """,
        learning_event_id,
        brief.version,
        brief.text,
        now,
    )
