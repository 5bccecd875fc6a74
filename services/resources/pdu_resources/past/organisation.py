"""Organisations, as a file of them says."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from pydantic import BeforeValidator, Field

from pdu_resources.organisation.file import BETWEEN
from pdu_resources.organisation.naming import add_name
from pdu_resources.organisation.registry import Register, add, check_words
from pdu_resources.organisation.rows import (
    lock_registry,
    standings,
    stands_for,
    tell,
    tell_whose_names,
)
from pdu_resources.rules.organisation import is_part_of_itself
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.organisation import OrganisationChanged
from pdu_shared.database import Conn
from pdu_shared.forms import OneLine, PublishedLine, WebAddress
from pdu_shared.identity import organisation_id as id_of
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.rows import Row
from pdu_shared.runtime import Runtime


def _names(given: object) -> object:
    if isinstance(given, str):
        return [name for part in given.split(BETWEEN.strip()) if (name := part.strip())]
    return given


class OrganisationRow(Row):
    """One organisation. Its parent is named by its name, and stands before it in the file."""

    name: PublishedLine
    sector: Code | None = None
    area: Code | None = None
    parent: OneLine | None = None
    website: WebAddress | None = None
    also_known_as: Annotated[
        tuple[OneLine, ...], Field(max_length=50), BeforeValidator(_names)
    ] = ()

    @property
    def key(self) -> UUID:
        """One organisation, however its name is spaced."""
        return id_of(self.name)


async def take_organisations(conn: Conn, rows: Sequence[OrganisationRow], _here: Runtime) -> int:
    """Register those that are new, and change those that are described otherwise; how many.

    What a row leaves out stays. Raises Refused for words that are in no list and for a parent that
    there is not, Conflict for a name of another organisation.
    """
    await lock_registry(conn)
    now = datetime.now(UTC)
    return sum([await _take(conn, row, now) for row in rows])


async def _take(conn: Conn, row: OrganisationRow, now: datetime) -> bool:
    form = Register(
        name=row.name,
        sector=row.sector,
        area=row.area,
        parent_id=await _parent(conn, row.parent),
        website=row.website,
        also_known_as=row.also_known_as,
    )
    organisation_id = await _known(conn, row.name)
    if organisation_id is None:
        await add(conn, form, now)
        return True
    await check_words(conn, form)
    named = [await add_name(conn, organisation_id, name, now) for name in row.also_known_as]
    changed = await _update(conn, organisation_id, form, now)
    if form.parent_id and is_part_of_itself(await standings(conn), organisation_id):
        raise Refused(errors=[Fault("/parent", "circle", "An organisation is no part of itself.")])
    if changed:
        await tell(conn, OrganisationChanged, organisation_id)
    if any(named):
        await tell_whose_names(conn, organisation_id)
    return changed or any(named)


async def _parent(conn: Conn, name: str | None) -> UUID | None:
    if name is None:
        return None
    found = await _known(conn, name)
    if found is None:
        raise Refused(errors=[Fault("/parent", "unknown-organisation", "It comes first.")])
    return found


async def _known(conn: Conn, name: str) -> UUID | None:
    """The organisation of this name, or the one that it is merged into."""
    name_id = id_of(name)
    known: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM organisation_name WHERE name_id = $1)", name_id
    )
    return await stands_for(conn, name_id) if known else None


async def _update(conn: Conn, organisation_id: UUID, form: Register, now: datetime) -> bool:
    try:
        done = await conn.execute(
            """
            UPDATE organisation
               SET sector = coalesce($2, sector), area = coalesce($3, area),
                   parent_id = coalesce($4, parent_id), website = coalesce($5, website),
                   version = version + 1, changed_at = $6
             WHERE organisation_id = $1
               AND (sector, area, parent_id, website)
                   IS DISTINCT FROM (coalesce($2, sector), coalesce($3, area),
                                     coalesce($4, parent_id), coalesce($5, website))
            """,
            organisation_id,
            form.sector,
            form.area,
            form.parent_id,
            form.website,
            now,
        )
    except asyncpg.CheckViolationError:
        raise Conflict("An organisation is no part of itself.") from None
    return bool(done == "UPDATE 1")
