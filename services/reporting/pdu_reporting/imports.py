"""How far an import has come: its messages that are in the journal, and whether that is all."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from pdu_shared.database import Conn
from pdu_shared.runtime import Store

router = APIRouter(tags=["imports"])


class Arrived(BaseModel):
    """What is known of a batch; nothing is expected before its file is closed."""

    journalled: int
    """Messages of the batch that are in the journal, and so in every figure."""
    expected: int | None
    """As many as the file gave; null until the service that took it has said so."""
    complete: bool


@router.get("/imports/{batch_id}")
async def arrived(batch_id: UUID, database: Store) -> Arrived:
    """Whether figures have all that an import brought. An unknown batch has brought nothing yet."""
    async with database.pool.acquire(timeout=5) as conn:
        journalled, expected = await _counted(conn, batch_id)
    return Arrived(
        journalled=journalled,
        expected=expected,
        complete=expected is not None and journalled >= expected,
    )


async def _counted(conn: Conn, batch_id: UUID) -> tuple[int, int | None]:
    row = await conn.fetchrow(
        """
        SELECT (SELECT coalesce(sum(upper(span) - lower(span)), 0)::bigint
                  FROM import_batch, unnest(told) AS span
                 WHERE batch_id = $1) AS journalled,
               (SELECT messages FROM history_imported WHERE batch_id = $1) AS expected
        """,
        batch_id,
    )
    assert row is not None, "a selection without a table has a row"
    return row["journalled"], row["expected"]
