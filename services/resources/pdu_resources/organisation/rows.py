"""Organisations as rows, and what is told of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pdu_resources.rules.organisation import Standing
from pdu_shared import outbox
from pdu_shared.contracts.resources.organisation import (
    OrganisationChanged,
    OrganisationMerged,
    OrganisationRegistered,
)
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A record of the registry."""

    organisation_id: UUID
    canonical_name: str
    sector: str | None
    area: str | None
    parent_id: UUID | None
    website: str | None
    merged_into: UUID | None
    version: int


async def lock_registry(conn: Conn) -> None:
    """Let one at a time change who is part of whom: two at once could close a circle."""
    await conn.execute("SELECT pg_advisory_xact_lock(102)")


async def organisation(conn: Conn, organisation_id: UUID) -> Organisation:
    """One organisation. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT organisation_id, canonical_name, sector, area, parent_id, website, merged_into,
               version
          FROM organisation
         WHERE organisation_id = $1
        """,
        organisation_id,
    )
    if row is None:
        raise NotFound
    return Organisation(**row)


async def stands_for(conn: Conn, name_id: UUID) -> UUID:
    """The organisation that the id of a name belongs to; itself where the registry knows none."""
    found: UUID = await conn.fetchval("SELECT organisation_of($1)", name_id)
    return found


async def are_one(conn: Conn, one: UUID | None, other: UUID | None) -> bool:
    """Whether two ids stand for the same organisation; nobody's is no one's."""
    same: bool | None = await conn.fetchval(
        "SELECT organisation_of($1) = organisation_of($2)", one, other
    )
    return bool(same)


async def standings(conn: Conn) -> dict[UUID, Standing]:
    """How all organisations hang together."""
    rows = await conn.fetch("SELECT organisation_id, parent_id, merged_into FROM organisation")
    return {row["organisation_id"]: Standing(row["parent_id"], row["merged_into"]) for row in rows}


async def tell(
    conn: Conn,
    kind: type[OrganisationRegistered | OrganisationChanged],
    organisation_id: UUID,
) -> None:
    """Tell of an organisation as it is now."""
    found = await organisation(conn, organisation_id)
    told: dict[str, Any] = {
        "organisation_id": found.organisation_id,
        "canonical_name": found.canonical_name,
        "sector": found.sector,
        "area": found.area,
        "parent_id": found.parent_id,
    }
    await outbox.add(conn, kind.model_validate(told))


async def tell_whose_names(conn: Conn, organisation_id: UUID) -> None:
    """Tell which organisation stands for the ids of this one, and of those merged into it.

    So a reader needs only the last word about an id, and no way from one to the next.
    """
    rows = await conn.fetch(
        """
        WITH RECURSIVE up (organisation_id, merged_into) AS (
            SELECT organisation_id, merged_into FROM organisation WHERE organisation_id = $1
            UNION ALL
            SELECT organisation.organisation_id, organisation.merged_into
              FROM up JOIN organisation ON organisation.organisation_id = up.merged_into),
        down (organisation_id) AS (
            SELECT $1::uuid
            UNION ALL
            SELECT organisation.organisation_id
              FROM down JOIN organisation ON organisation.merged_into = down.organisation_id),
        known (id) AS (
            SELECT organisation_id FROM down
            UNION
            SELECT name_id FROM organisation_name JOIN down USING (organisation_id))
        SELECT id AS merged_id, up.organisation_id AS kept_id
          FROM known, up
         WHERE up.merged_into IS NULL AND id <> up.organisation_id
         ORDER BY id
        """,
        organisation_id,
    )
    await outbox.add(conn, *(OrganisationMerged(**row) for row in rows))
