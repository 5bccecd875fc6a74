"""Where snapshots are kept."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from pdu_reporting.answer import Answer
from pdu_reporting.publishing import PublishedTable
from pdu_shared.contracts.reporting import SnapshotKind
from pdu_shared.database import Conn

PUBLISHING_LOCK = 7_365_020


class Snapshot(BaseModel):
    """Figures that were frozen together."""

    snapshot_id: UUID
    kind: SnapshotKind
    title: str
    up_to: date | None
    """The last day that was counted, where one was named."""
    frozen_at: datetime
    as_of: datetime
    """When the newest message in the journal had come in."""
    journal_position: int
    tables: list[str]


async def insert(conn: Conn, snapshot: Snapshot, answers: Sequence[Answer]) -> None:
    """Keep a snapshot with its tables, in the order of their names in it."""
    await conn.execute(
        """
        INSERT INTO snapshot (snapshot_id, kind, title, up_to, frozen_at, as_of, journal_position)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        snapshot.snapshot_id,
        snapshot.kind,
        snapshot.title,
        snapshot.up_to,
        snapshot.frozen_at,
        snapshot.as_of,
        snapshot.journal_position,
    )
    await conn.execute(
        """
        INSERT INTO snapshot_table (snapshot_id, place, name, answer)
        SELECT $1, place, name, answer
          FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS told (name, answer, place)
        """,
        snapshot.snapshot_id,
        snapshot.tables,
        [answer.model_dump_json() for answer in answers],
    )


async def insert_shown(conn: Conn, snapshot_id: UUID, shown: Sequence[PublishedTable]) -> None:
    """Keep what a published snapshot shows."""
    await conn.execute(
        """
        INSERT INTO snapshot_shown (snapshot_id, place, shown)
        SELECT $1, place, shown
          FROM unnest($2::text[]) WITH ORDINALITY AS told (shown, place)
        """,
        snapshot_id,
        [table.model_dump_json() for table in shown],
    )


async def one_publication_at_a_time(conn: Conn) -> None:
    """Wait until nobody else publishes: each publication rests on the one before it."""
    await conn.execute("SELECT pg_advisory_xact_lock($1)", PUBLISHING_LOCK)


async def page(
    conn: Conn, kind: SnapshotKind | None, after: UUID | None, limit: int
) -> list[Snapshot]:
    """Snapshots, newest first."""
    rows = await conn.fetch(
        f"""
        {_SNAPSHOT}
         WHERE ($1::uuid IS NULL OR snapshot_id < $1)
           AND ($3::text IS NULL OR kind = $3)
         ORDER BY snapshot_id DESC
         LIMIT $2
        """,
        after,
        limit,
        kind,
    )
    return [Snapshot(**row) for row in rows]


async def find(conn: Conn, snapshot_id: UUID) -> Snapshot | None:
    """A snapshot, or None."""
    row = await conn.fetchrow(f"{_SNAPSHOT} WHERE snapshot_id = $1", snapshot_id)
    return Snapshot(**row) if row else None


async def newest_published(conn: Conn, *, but: UUID | None = None) -> Snapshot | None:
    """What everybody sees at present, `but` the one that is being made."""
    row = await conn.fetchrow(
        f"""
        {_SNAPSHOT}
         WHERE kind = 'published' AND snapshot_id IS DISTINCT FROM $1
         ORDER BY journal_position DESC, frozen_at DESC
         LIMIT 1
        """,
        but,
    )
    return Snapshot(**row) if row else None


async def answers_of(conn: Conn, snapshot_id: UUID) -> list[tuple[str, Answer]]:
    """The tables of a snapshot, as the team sees them."""
    rows = await conn.fetch(
        "SELECT name, answer FROM snapshot_table WHERE snapshot_id = $1 ORDER BY place",
        snapshot_id,
    )
    return [(row["name"], Answer.model_validate_json(row["answer"])) for row in rows]


async def shown_in(conn: Conn, snapshot_id: UUID) -> list[PublishedTable]:
    """What everybody sees of a snapshot."""
    rows = await conn.fetch(
        "SELECT shown FROM snapshot_shown WHERE snapshot_id = $1 ORDER BY place", snapshot_id
    )
    return [PublishedTable.model_validate_json(row["shown"]) for row in rows]


_SNAPSHOT = """
    SELECT snapshot_id, kind, title, up_to, frozen_at, as_of, journal_position,
           (SELECT coalesce(array_agg(name ORDER BY place), '{}')
              FROM snapshot_table
             WHERE snapshot_table.snapshot_id = snapshot.snapshot_id) AS tables
      FROM snapshot
    """
