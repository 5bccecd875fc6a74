"""Fetching what was gathered: by a link that is good once and for a few days."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_resources.protection.archive import archive
from pdu_resources.protection.rows import Kind, State, request_seen
from pdu_shared.access import Role, Who
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["rights"])

GOOD_FOR = timedelta(days=3)
KEPT_FOR = timedelta(days=30)
"""How long what was gathered can be fetched; then the services would have to be asked again."""
TOKEN_BYTES = 32
ZIP = "application/zip"


class Link(BaseModel):
    """Where the archive is. Nobody but you should have it: it is good once."""

    path: str
    expires_at: datetime = Field(description="Three days from now; ask for another one then")


@router.post("/rights-requests/{request_id}/link")
async def link(request_id: UUID, database: Store, caller: Who, now: Now) -> Link:
    """Make a link to my archive, or to somebody's to whom it is handed. Earlier links end.

    409 until every service has handed over its part, and once that is deleted after 30 days.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    async with transaction(database) as conn:
        request = await request_seen(conn, request_id, caller, now=now)
        theirs = caller.sub == request.person_id or caller.has(Role.DATA_PROTECTION_LEAD)
        if request.kind is not Kind.ACCESS or not theirs:
            raise NotFound
        if request.state is not State.DONE or not await _parts(conn, request_id):
            raise Conflict("It is not ready yet, or it is there no longer: ask again.")
        expires_at = now + GOOD_FOR
        await _end_links(conn, request_id, now)
        await conn.execute(
            """
            INSERT INTO archive_link (token_hash, request_id, issued_to, issued_at, expires_at)
            VALUES ($1, $2, $3, $4, $5)
            """,
            _hash(token),
            request_id,
            caller.sub,
            now,
            expires_at,
        )
    return Link(path=f"/data-archives/{token}", expires_at=expires_at)


@router.get(
    "/data-archives/{token}",
    response_class=Response,
    responses={200: {"content": {ZIP: {}}, "description": "The archive: JSON, and a page to read"}},
)
async def fetch(
    token: Annotated[str, Path(description="Of a link that was made for one archive")],
    database: Store,
    now: Now,
) -> Response:
    """The archive. The link is used up with it."""
    async with transaction(database) as conn:
        request_id = await conn.fetchval(
            """
            UPDATE archive_link SET used_at = $2
             WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
            RETURNING request_id
            """,
            _hash(token),
            now,
        )
        parts = await _parts(conn, request_id) if request_id else []
        if not parts:
            raise NotFound
    headers = {
        "Content-Disposition": 'attachment; filename="your-data.zip"',
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Response(archive(parts, made_at=now), headers=headers, media_type=ZIP)


async def forget_archives(conn: Conn, now: datetime) -> int:
    """Delete what was gathered long enough ago; how many parts."""
    done: str = await conn.execute(
        "UPDATE rights_answer SET content = NULL WHERE content IS NOT NULL AND answered_at <= $1",
        now - KEPT_FOR,
    )
    return int(done.rsplit(maxsplit=1)[-1])


async def _parts(conn: Conn, request_id: UUID) -> list[str]:
    """What each service handed over, as far as it is still there."""
    rows = await conn.fetch(
        """
        SELECT string_agg(content, '' ORDER BY part) AS content
          FROM rights_answer
         WHERE request_id = $1
         GROUP BY service
        HAVING bool_and(content IS NOT NULL)
         ORDER BY service
        """,
        request_id,
    )
    return [row["content"] for row in rows]


async def _end_links(conn: Conn, request_id: UUID, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE archive_link SET expires_at = least(expires_at, $2)
         WHERE request_id = $1 AND used_at IS NULL
        """,
        request_id,
        now,
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
