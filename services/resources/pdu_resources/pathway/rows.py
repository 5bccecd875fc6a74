"""Pathways and their steps as rows, with what somebody has done of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import Path

from pdu_resources.rules.pathway import Step
from pdu_shared.database import Conn

PathwayKey = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]


class StepKind(StrEnum):
    """What a step of a pathway is."""

    MODULE = "module"
    ITEM = "item"
    RECORDING = "recording"
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """A pathway as it stands."""

    pathway_id: UUID
    pathway_key: str
    title: str
    summary: str
    role_levels: tuple[str, ...]
    work_fields: tuple[str, ...]
    interests: tuple[str, ...]
    starts_here: bool
    gives_badge: bool
    state: str
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A step, and whether it is there and done."""

    pathway_id: UUID
    place: int
    kind: StepKind
    ref: str
    title: str
    minutes: int | None
    optional: bool
    there: bool
    done: bool

    @property
    def step(self) -> Step:
        """The step as rules see it."""
        return Step(self.place, self.optional, self.done, self.there)


async def pathway(conn: Conn, pathway_key: str, *, lock: bool = False) -> Pathway | None:
    """A pathway in whatever state; locked until the end, if asked."""
    row = await conn.fetchrow(f"{_PATHWAY} WHERE pathway_key = $1", pathway_key)
    if row and lock:
        await conn.execute(
            "SELECT FROM pathway WHERE pathway_id = $1 FOR UPDATE", row["pathway_id"]
        )
        row = await conn.fetchrow(f"{_PATHWAY} WHERE pathway_key = $1", pathway_key)
    return _pathway(row) if row else None


async def published(conn: Conn) -> list[Pathway]:
    """The pathways that can be begun: the way in first, then by title."""
    rows = await conn.fetch(
        f"{_PATHWAY} WHERE state = 'published' ORDER BY starts_here DESC, title, pathway_key"
    )
    return [_pathway(row) for row in rows]


async def steps_of(
    conn: Conn, pathway_ids: Sequence[UUID], person_ids: Sequence[UUID] = ()
) -> dict[UUID, list[StepRow]]:
    """The steps of these pathways in their order, and which of them these ids have done."""
    rows = await conn.fetch(
        """
        SELECT pathway_id, place, kind, ref, title, minutes, optional,
               CASE kind
               WHEN 'module' THEN EXISTS (
                    SELECT FROM module WHERE module_key = ref AND module.state = 'published')
               WHEN 'event' THEN true
               ELSE EXISTS (SELECT FROM item WHERE item_key = ref)
               END AS there,
               CASE kind
               WHEN 'module' THEN EXISTS (
                    SELECT FROM module_progress JOIN module USING (module_id)
                     WHERE module_key = ref AND person_id = ANY ($2::uuid[])
                       AND completed_at IS NOT NULL)
               WHEN 'event' THEN EXISTS (
                    SELECT FROM attendance
                     WHERE learning_event_id = CASE kind WHEN 'event' THEN ref::uuid END
                       AND person_id = ANY ($2::uuid[]) AND came)
               ELSE EXISTS (
                    SELECT FROM activity JOIN item USING (item_id)
                     WHERE item_key = ref AND person_id = ANY ($2::uuid[]))
               END AS done
          FROM pathway_step
         WHERE pathway_id = ANY ($1::uuid[])
         ORDER BY pathway_id, place
        """,
        list(pathway_ids),
        list(person_ids),
    )
    steps: dict[UUID, list[StepRow]] = {pathway_id: [] for pathway_id in pathway_ids}
    for row in rows:
        steps[row["pathway_id"]].append(StepRow(**{**row, "kind": StepKind(row["kind"])}))
    return steps


_PATHWAY = """
    SELECT pathway_id, pathway_key, title, summary, role_levels, work_fields, interests,
           starts_here, gives_badge, state, version, changed_at
      FROM pathway
    """


def _pathway(row: asyncpg.Record) -> Pathway:
    lists = {name: tuple(row[name]) for name in ("role_levels", "work_fields", "interests")}
    return Pathway(**{**row, **lists})
