"""Impact records as they are kept, and what is told of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from pdu_resources.impact.form import Described, Impact
from pdu_resources.rules.impact import Standing, state_of
from pdu_shared.database import Conn
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound

SETS = ("aims", "hls", "pie", "outcomes", "evidence", "workstreams")
_TOLD = (
    "impact_id", "state", "kind", "level", "depth", "contribution_class", "expectedness", *SETS,
    "organisation_id", "learning_event_ids", "happened_on",
)  # fmt: skip


async def lock_impact(conn: Conn, impact_id: UUID) -> asyncpg.Record:
    """A record, locked until the transaction ends. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT impact_id, what, other_factors, kind, level, depth, contribution_class,
               expectedness, aims, hls, pie, outcomes, evidence, workstreams, organisation_id,
               organisation, learning_event_ids, happened_on, recorded_by, recorded_at,
               verified_by, verified_at, coded_at, may_publish, title, summary, published_at,
               withdrawn_at, version
          FROM impact_record
         WHERE impact_id = $1
           FOR UPDATE
        """,
        impact_id,
    )
    if row is None:
        raise NotFound
    return row


async def impact_of(conn: Conn, impact_id: UUID) -> Impact:
    """A record as it stands."""
    return seen(await lock_impact(conn, impact_id))


def seen(row: asyncpg.Record) -> Impact:
    """A row as it is shown."""
    return Impact(state=state_of(standing(row)), **{name: row[name] for name in _SHOWN})


_SHOWN = tuple(name for name in Impact.model_fields if name != "state")


def standing(row: asyncpg.Record) -> Standing:
    """What has been done with a record."""
    return Standing(
        verified=row["verified_at"] is not None,
        coded=row["coded_at"] is not None,
        may_publish=row["may_publish"],
        published=row["published_at"] is not None,
        withdrawn=row["withdrawn_at"] is not None,
    )


def told_of(impact: Impact) -> dict[str, Any]:
    """What every message about a record says: codes and ids."""
    told = {name: getattr(impact, name) for name in _TOLD}
    return {**told, "recorded_on": local_day(impact.recorded_at)}


def columns_of(form: Described) -> dict[str, Any]:
    """How a change is described, as columns; sets in the order of the alphabet."""
    columns: dict[str, Any] = {name: getattr(form, name) for name in _DESCRIBED}
    return {**columns, **{name: sorted({*columns[name]}) for name in SETS}}


_DESCRIBED = tuple(Described.model_fields)


async def insert_impact(
    conn: Conn, impact_id: UUID, described: Mapping[str, Any], told: Mapping[str, Any]
) -> None:
    """Keep a new record; `told` is what is not part of its description."""
    await conn.execute(
        """
        INSERT INTO impact_record (impact_id, level, expectedness, kind, depth, contribution_class,
                                   other_factors, aims, hls, pie, outcomes, evidence, workstreams,
                                   what, organisation_id, organisation, learning_event_ids,
                                   happened_on, may_publish, recorded_by, recorded_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19, $20, $21, 1)
        """,
        impact_id,
        *(described[name] for name in _DESCRIBED),
        *told.values(),
    )


async def update_description(
    conn: Conn, impact_id: UUID, described: Mapping[str, Any], now: datetime
) -> None:
    """Keep how a change is coded."""
    await conn.execute(
        """
        UPDATE impact_record
           SET level = $2, expectedness = $3, kind = $4, depth = $5, contribution_class = $6,
               other_factors = $7, aims = $8, hls = $9, pie = $10, outcomes = $11, evidence = $12,
               workstreams = $13, coded_at = $14, version = version + 1
         WHERE impact_id = $1
        """,
        impact_id,
        *(described[name] for name in _DESCRIBED),
        now,
    )
