"""Forgetting a person in one service: what its rooms keep, and what the kernel kept on the way."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from pdu_shared.contracts import MESSAGES
from pdu_shared.database import Conn
from pdu_shared.holding import Holding, copy_of, forget
from pdu_shared.reading import Received, read
from pdu_shared.sealing import Sealer

LATE = timedelta(days=30)
"""For so long what arrives late about somebody who was erased is forgotten as well."""
KNOWN_BY = ("name", "address", "email", "preferred_name", "published_name", "reach", "token")
"""The columns of copies by whose words a person is found where no id leads to them."""
MANY = 1000
PERSON_SUBJECT = "person/"


async def erase(
    conn: Conn,
    holdings: Sequence[Holding],
    person_ids: Sequence[UUID],
    *,
    sealer: Sealer | None,
    now: datetime,
) -> int:
    """Forget these ids, which are one person; how many rows were changed. Safe to repeat."""
    known_by = {
        words
        for holding in holdings
        for row in await copy_of(conn, holding, person_ids)
        for words in _known_by(row)
    }
    changed = 0
    for holding in holdings:
        changed += await forget(conn, holding, person_ids, now=now)
    changed += await _empty_answers(conn, person_ids, known_by)
    changed += await _drop_sealed(conn, person_ids, sealer)
    await _note(conn, person_ids, now)
    return changed


async def erased_lately(conn: Conn, now: datetime) -> list[UUID]:
    """Who was erased within the last days: something about them may still have been on its way."""
    rows = await conn.fetch(
        "SELECT person_id FROM person_erased WHERE erased_at > $1 ORDER BY erased_at", now - LATE
    )
    return [row["person_id"] for row in rows]


def _known_by(row: Mapping[str, Any]) -> Iterator[str]:
    for column in KNOWN_BY:
        words = row.get(column)
        if isinstance(words, str) and words.strip():
            yield words


async def _empty_answers(conn: Conn, person_ids: Sequence[UUID], known_by: set[str]) -> int:
    """Empty what was answered to them, and what names them. That it was answered stays."""
    done: str = await conn.execute(
        """
        UPDATE idempotency SET answer = '{}'
         WHERE answer <> '{}' AND (client LIKE ANY ($1::text[]) OR answer LIKE ANY ($2::text[]))
        """,
        [f"%/{person_id}" for person_id in person_ids],
        [f"%{_escaped(words)}%" for words in (*known_by, *map(str, person_ids))],
    )
    return int(done.rsplit(maxsplit=1)[-1])


def _escaped(words: str) -> str:
    """As JSON writes it, without what LIKE takes for something else."""
    written = json.dumps(words, ensure_ascii=False)[1:-1]
    return written.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def _drop_sealed(conn: Conn, person_ids: Sequence[UUID], sealer: Sealer | None) -> int:
    """Drop the sealed messages about them that wait here, or were set aside."""
    waiting = await conn.fetch(
        "SELECT position, body FROM waiting WHERE body LIKE '%application/jose%'"
    )
    theirs = [
        row["position"] for row in waiting if _is_about(row["body"].encode(), person_ids, sealer)
    ]
    aside = await conn.fetch(
        """
        SELECT parked_id, body FROM parked
         WHERE body <> '' AND routing_key = ANY ($1::text[])
        """,
        [key for key, message in MESSAGES.items() if message.sealed_for],
    )
    parked = [row["parked_id"] for row in aside if _is_about(row["body"], person_ids, sealer)]
    await conn.execute("DELETE FROM waiting WHERE position = ANY ($1::bigint[])", theirs)
    await conn.execute(
        """
        UPDATE parked
           SET body = '', resolved_at = coalesce(resolved_at, now()),
               resolution = coalesce(resolution, 'discarded')
         WHERE parked_id = ANY ($1::uuid[])
        """,
        parked,
    )
    return len(theirs) + len(parked)


def _is_about(body: bytes, person_ids: Sequence[UUID], sealer: Sealer | None) -> bool:
    found = read(body, sent_by=None, sealer=sealer)
    if not isinstance(found, Received):
        return any(f"{PERSON_SUBJECT}{one}".encode() in body for one in person_ids)
    return getattr(found.message, "person_id", None) in person_ids


async def _note(conn: Conn, person_ids: Sequence[UUID], now: datetime) -> None:
    """Write down that these ids are nobody: from now on the address gives another one."""
    await conn.execute(
        """
        INSERT INTO person_erased (person_id, generation, erased_at)
        SELECT person_id, 1, $2 FROM unnest($1::uuid[]) AS person_id
            ON CONFLICT (person_id) DO NOTHING
        """,
        list(person_ids),
        now,
    )


async def is_erased(conn: Conn, person_id: UUID) -> bool:
    """Whether what arrives about this person comes too late."""
    erased: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM person_erased WHERE person_id = $1)", person_id
    )
    return erased


def trouble_of(failure: Exception) -> str:
    """The kind of a failure, without any value."""
    state = f":{failure.sqlstate}" if isinstance(failure, asyncpg.PostgresError) else ""
    return f"{type(failure).__name__}{state}"
