"""Ids that are one person: a hub account under one address, a booking under another."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from fastapi import APIRouter
from pydantic import BaseModel

from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.member import PersonMerged, PersonUnmerged
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["persons"])


class MergePersons(Form):
    """Which id stays, which one is the same person, and how that is known."""

    kept_id: UUID
    merged_id: UUID
    basis: Code


class Merged(BaseModel):
    """Two ids that are one person."""

    kept_id: UUID
    merged_id: UUID


@router.post("/persons/merges")
async def merge(form: MergePersons, database: Store, now: Now) -> Merged:
    """Take two ids for one person from now on. The same again changes nothing."""
    async with transaction(database) as conn:
        await _one_at_a_time(conn)
        merged_into = await _merged_into(conn, form.merged_id)
        if merged_into is None:
            await _merge(conn, form, now)
        elif merged_into != form.kept_id:
            raise Conflict("This id is merged into another one: take them apart first.")
    return Merged(kept_id=form.kept_id, merged_id=form.merged_id)


@router.delete("/persons/merges/{merged_id}", status_code=204)
async def unmerge(merged_id: UUID, database: Store) -> None:
    """Take two ids for two persons again. Doing it twice is doing it once."""
    async with transaction(database) as conn:
        await _one_at_a_time(conn)
        kept_id = await conn.fetchval(
            "DELETE FROM person_merge WHERE merged_id = $1 RETURNING kept_id", merged_id
        )
        if kept_id is None:
            return
        await outbox.add(conn, PersonUnmerged(kept_id=kept_id, merged_id=merged_id))
        await _tell_those_merged_into(conn, merged_id)
    log.info("unmerged", merged_id=str(merged_id))


async def same_person_from_now_on(
    conn: Conn, *, kept_id: UUID, merged_id: UUID, basis: str, now: datetime
) -> None:
    """Take two ids for one person, unless they are already. Raises Conflict for somebody else's."""
    await _one_at_a_time(conn)
    kept = await kept_ids(conn, [kept_id, merged_id])
    if kept[kept_id] == kept[merged_id]:
        return
    if await _merged_into(conn, merged_id) is not None:
        raise Conflict("This id is merged into another one: take them apart first.")
    await _merge(conn, MergePersons(kept_id=kept_id, merged_id=merged_id, basis=basis), now)


async def kept_ids(conn: Conn, person_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The id that is kept of each of these persons: their own, unless it is merged."""
    rows = await conn.fetch(
        """
        WITH RECURSIVE way (person_id, kept_id) AS (
            SELECT person_id, person_id FROM unnest($1::uuid[]) AS person_id
            UNION
            SELECT way.person_id, person_merge.kept_id
              FROM way JOIN person_merge ON person_merge.merged_id = way.kept_id)
        SELECT person_id, kept_id
          FROM way
         WHERE NOT EXISTS (SELECT FROM person_merge WHERE merged_id = way.kept_id)
        """,
        person_ids,
    )
    return {row["person_id"]: row["kept_id"] for row in rows}


async def _merge(conn: Conn, form: MergePersons, now: datetime) -> None:
    kept_id = (await kept_ids(conn, [form.kept_id]))[form.kept_id]
    if kept_id == form.merged_id:
        raise Conflict("These are one person already, under the id that you want to merge.")
    await conn.execute(
        """
        INSERT INTO person_merge (merged_id, kept_id, basis, merged_at) VALUES ($1, $2, $3, $4)
        """,
        form.merged_id,
        form.kept_id,
        form.basis,
        now,
    )
    told = PersonMerged(kept_id=kept_id, merged_id=form.merged_id, basis=form.basis)
    await outbox.add(conn, told)
    await _tell_those_merged_into(conn, form.merged_id)
    log.info("merged", kept_id=str(form.kept_id), merged_id=str(form.merged_id))


async def _tell_those_merged_into(conn: Conn, person_id: UUID) -> None:
    """Tell anew who is kept of those that were merged into somebody who is kept no more, or again.

    So a reader needs only the last word about an id, and no way from one to the next.
    """
    rows = await conn.fetch(
        """
        WITH RECURSIVE those (merged_id, basis) AS (
            SELECT merged_id, basis FROM person_merge WHERE kept_id = $1
            UNION
            SELECT person_merge.merged_id, person_merge.basis
              FROM those JOIN person_merge ON person_merge.kept_id = those.merged_id)
        SELECT merged_id, basis FROM those ORDER BY merged_id
        """,
        person_id,
    )
    kept = await kept_ids(conn, [row["merged_id"] for row in rows])
    await outbox.add(
        conn,
        *(
            PersonMerged(
                kept_id=kept[row["merged_id"]], merged_id=row["merged_id"], basis=row["basis"]
            )
            for row in rows
        ),
    )


async def _one_at_a_time(conn: Conn) -> None:
    # Two merges at once could close a circle that neither of them sees.
    await conn.execute("LOCK TABLE person_merge IN SHARE ROW EXCLUSIVE MODE")


async def _merged_into(conn: Conn, person_id: UUID) -> UUID | None:
    kept_id: UUID | None = await conn.fetchval(
        "SELECT kept_id FROM person_merge WHERE merged_id = $1", person_id
    )
    return kept_id
