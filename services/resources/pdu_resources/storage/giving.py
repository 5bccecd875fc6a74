"""A file is given out: whole or in part, to those who may have it."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from fastapi.responses import Response, StreamingResponse

from pdu_resources.library.form import Key
from pdu_resources.library.seen import item_for
from pdu_resources.rules.file import PLAYED, ending
from pdu_resources.rules.ranges import UnsatisfiableError, range_of
from pdu_resources.storage.bringing import Name
from pdu_resources.storage.store import Files
from pdu_resources.storage.ticket import opened_by
from pdu_shared.access import NOBODY, Who
from pdu_shared.contracts.resources.library import ItemType
from pdu_shared.database import Conn
from pdu_shared.problems import Forbidden, NotFound, Problem, Unauthenticated
from pdu_shared.runtime import Here, Now, Runtime

SHOWN = frozenset({"pdf", "png", "jpg", "jpeg", "webp", "vtt", *PLAYED})
"""What a browser may show at once; everything else is saved."""
# Whatever is in a file, it runs nowhere near our pages.
HARMLESS = {"Content-Security-Policy": "sandbox; default-src 'none'", "Accept-Ranges": "bytes"}
BINARY = {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}

router = APIRouter(tags=["files"])


class RangeNotSatisfiable(Problem):
    """A part of a file is asked for that it does not have."""

    status, slug, title = 416, "range-not-satisfiable", "The file has no such part."

    def __init__(self, size: int) -> None:
        super().__init__(headers={"Content-Range": f"bytes */{size}"})


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it is kept."""

    name: str
    media_type: str
    size: int
    sha256: bytes
    stored_as: str

    @property
    def etag(self) -> str:
        """The same as long as its content is."""
        return f'"{self.sha256.hex()[:32]}"'


@dataclass(frozen=True, slots=True)
class Wish:
    """Which part of a file is asked for, and what of it is there already."""

    range: str | None
    if_range: str | None
    if_none_match: str | None


Some = Annotated[str | None, Header(max_length=1000)]


async def wish(range: Some = None, if_range: Some = None, if_none_match: Some = None) -> Wish:  # noqa: A002 - the header's name
    """What the present request asks for. What cannot be read of it is ignored, as HTTP wants it."""
    return Wish(range, if_range, if_none_match)


Wished = Annotated[Wish, Depends(wish)]
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", **BINARY},
    206: {"description": "The part of it that was asked for", **BINARY},
    304: {"description": "You have it already."},
}


@router.get("/items/{item_key}/files/{name}", response_class=Response, responses={**RESPONSES})
async def give(item_key: Key, name: Name, wished: Wished, here: Here, caller: Who) -> Response:
    """A file of an item. What is for members only is given to who has signed in.

    The recording itself is played at an address of its own, which `POST …/playback` gives.
    """
    async with here.database.pool.acquire(timeout=5) as conn:
        item = await item_for(conn, item_key, caller)
        file = await _file(conn, item.item_id, name)
    if item.members_only and caller.sub is None:
        raise Unauthenticated if caller == NOBODY else Forbidden
    if item.type is ItemType.RECORDING and ending(name) in PLAYED:
        raise Forbidden("Ask for its address to play it.")
    return await _answer(here, file, wished)


@router.get("/media/{ticket}", response_class=Response, responses={**RESPONSES})
async def play(ticket: str, wished: Wished, here: Here, now: Now) -> Response:
    """A file at an address that was given to a member, for as long as it is good."""
    file_id = opened_by(here.settings.secret("link_key").encode(), ticket, now)
    if file_id is None:
        raise NotFound
    async with here.database.pool.acquire(timeout=5) as conn:
        file = await _playable(conn, file_id)
    return await _answer(here, file, wished)


async def _answer(here: Runtime, file: Stored, wish: Wish) -> Response:
    headers = {**HARMLESS, "ETag": file.etag, "Cache-Control": "private, no-cache"}
    if wish.if_none_match and file.etag in wish.if_none_match:
        return Response(status_code=304, headers=headers)
    fresh = wish.if_range in (None, file.etag)
    try:
        part = range_of(wish.range, file.size) if fresh else None
    except UnsatisfiableError:
        raise RangeNotSatisfiable(file.size) from None
    headers["Content-Disposition"] = _disposition(file.name)
    headers["Content-Length"] = str(part.end - part.start if part else file.size)
    if part:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{file.size}"
    pieces = await here.part(Files).read(file.stored_as, part)
    return StreamingResponse(
        pieces, 206 if part else 200, headers=headers, media_type=file.media_type
    )


def _disposition(name: str) -> str:
    how = "inline" if ending(name) in SHOWN else "attachment"
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


async def _file(conn: Conn, item_id: UUID, name: str) -> Stored:
    row = await conn.fetchrow(
        """
        SELECT name, media_type, bytes AS size, sha256, stored_as
          FROM library_file WHERE item_id = $1 AND name = $2
        """,
        item_id,
        name,
    )
    if row is None:
        raise NotFound
    return Stored(**row)


async def _playable(conn: Conn, file_id: UUID) -> Stored:
    """A file of a published item: what was withdrawn meanwhile is played no more."""
    row = await conn.fetchrow(
        """
        SELECT name, media_type, bytes AS size, sha256, stored_as
          FROM library_file JOIN library_item USING (item_id)
         WHERE file_id = $1 AND state = 'published'
        """,
        file_id,
    )
    if row is None:
        raise NotFound
    return Stored(**row)
