"""A member plays a recording: it has an address for some hours, and counts as seen."""

from datetime import datetime
from functools import partial

import structlog
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_resources.library.form import Key
from pdu_resources.rules.activity import Action
from pdu_resources.rules.file import PLAYED, Role, ending
from pdu_resources.rules.library import State
from pdu_resources.storage.ticket import ticket_for
from pdu_resources.usage.activity import note_activity
from pdu_shared.access import Caller, Who
from pdu_shared.database import Conn
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now

log = structlog.get_logger()
router = APIRouter(tags=["recordings"])


class Playable(BaseModel):
    """A file at an address of its own. It needs no sign-in: keep it to yourself."""

    path: str
    role: Role
    media_type: str
    language: str | None


class Playback(BaseModel):
    """Where a recording, its captions and its transcript are, and until when."""

    item_key: str
    files: list[Playable]
    good_until: datetime


@router.post("/items/{item_key}/playback", status_code=201, response_model=Playback)
async def playback(item_key: Key, here: Here, caller: Who, asked: Asked, now: Now) -> Response:
    """Play a recording: addresses of it and of its captions, good for four hours."""
    key = here.settings.secret("link_key").encode()
    use_case = partial(_playback, item_key=item_key, key=key, caller=caller, now=now)
    return await once(here.database, asked, use_case)


async def _playback(
    conn: Conn, *, item_key: str, key: bytes, caller: Caller, now: datetime
) -> Answer:
    state = await conn.fetchval("SELECT state FROM library_item WHERE item_key = $1", item_key)
    if state is None or state not in (State.PUBLISHED, State.ARCHIVED):
        raise NotFound
    if state == State.ARCHIVED:
        raise Conflict("It was withdrawn.")
    rows = await conn.fetch(
        """
        SELECT file_id, library_file.name, role, media_type, library_file.language
          FROM library_file JOIN library_item USING (item_id)
         WHERE item_key = $1 ORDER BY role = 'original' DESC, library_file.name
        """,
        item_key,
    )
    if not any(ending(row["name"]) in PLAYED for row in rows):
        raise Conflict("There is nothing to play.")
    files = []
    for row in rows:
        ticket, good_until = ticket_for(key, row["file_id"], now)
        files.append(
            Playable(
                path=f"/media/{ticket}",
                role=row["role"],
                media_type=row["media_type"],
                language=row["language"],
            )
        )
    if caller.sub:
        await note_activity(conn, caller.sub, item_key, Action.VIEWED, now)
    return Answer.of(Playback(item_key=item_key, files=files, good_until=good_until))
