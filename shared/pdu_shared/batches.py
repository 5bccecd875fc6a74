"""What has been taken of each file of records, and the message that says that it was all."""

import hashlib
from uuid import UUID

from pdu_shared import outbox
from pdu_shared.contracts import MESSAGES
from pdu_shared.database import Conn
from pdu_shared.problems import Conflict


async def note_part(
    conn: Conn, batch_id: UUID, *, file: str, body: bytes, counted: tuple[int, int]
) -> None:
    """Count the rows and messages of a request; one that is sent again counts its rows once.

    Raises Conflict when the batch is of another file.
    """
    await _open(conn, batch_id, file)
    await conn.execute(
        """
        INSERT INTO history_part AS kept (batch_id, digest, rows, messages)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (batch_id, digest) DO UPDATE
           SET messages = kept.messages + excluded.messages
        """,
        batch_id,
        hashlib.sha256(body).digest(),
        *counted,
    )


async def close_batch(conn: Conn, batch_id: UUID, *, service: str, file: str) -> tuple[int, int]:
    """Tell how many rows and messages a batch had, unless that was told before; and say it."""
    await _open(conn, batch_id, file)
    told = await conn.fetchrow(
        "SELECT rows, messages FROM history_batch WHERE batch_id = $1 FOR UPDATE", batch_id
    )
    counted = await conn.fetchrow(
        """
        SELECT coalesce(sum(rows), 0)::int AS rows, coalesce(sum(messages), 0)::int AS messages
          FROM history_part
         WHERE batch_id = $1
        """,
        batch_id,
    )
    assert counted is not None, "sums are always there"
    rows, messages = counted
    if told != counted:
        await conn.execute(
            "UPDATE history_batch SET rows = $2, messages = $3 WHERE batch_id = $1",
            batch_id,
            rows,
            messages,
        )
        imported = MESSAGES[f"{service}.HistoryImported"]
        await outbox.add(conn, imported(batch_id=batch_id, file=file, rows=rows, messages=messages))
    return rows, messages


async def _open(conn: Conn, batch_id: UUID, file: str) -> None:
    known = await conn.fetchval(
        """
        INSERT INTO history_batch (batch_id, file) VALUES ($1, $2)
            ON CONFLICT (batch_id) DO NOTHING
        RETURNING file
        """,
        batch_id,
        file,
    )
    known = known or await conn.fetchval(
        "SELECT file FROM history_batch WHERE batch_id = $1", batch_id
    )
    if known != file:
        raise Conflict("This batch is of another file.")
