"""Organisations as the registry knows them: bookings under any of their names are of one."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_shared.contracts.resources.organisation import (
    OrganisationChanged,
    OrganisationMerged,
    OrganisationRegistered,
    OrganisationUnmerged,
)
from pdu_shared.database import Conn
from pdu_shared.listening import AlsoOfThePast
from pdu_shared.runtime import Store

router = APIRouter(tags=["coordinator"])


class UnmatchedName(BaseModel):
    """What people typed when they booked that is no name of the registry yet."""

    name_id: UUID = Field(description="The id that is made of the name, as the registry makes it")
    name: str = Field(description="As one of them typed it")
    bookings: int
    first_at: datetime


class UnmatchedNames(BaseModel):
    """Names that nobody has matched yet, those of most bookings first, at most 100."""

    items: list[UnmatchedName]


@router.get("/coordinator/organisation-names/unmatched")
async def unmatched(database: Store) -> UnmatchedNames:
    """Read which organisations people named that the registry does not know.

    The hub takes such a name for one of its organisations: `POST /organisations/{id}/names`.
    """
    rows = await database.pool.fetch(
        """
        SELECT organisation_id AS name_id, min(organisation) AS name, count(*) AS bookings,
               min(booked_at) AS first_at
          FROM booking
         WHERE organisation IS NOT NULL AND organisation_id IS NOT NULL
           AND organisation_id NOT IN (SELECT organisation_id FROM organisation)
           AND organisation_id NOT IN (SELECT merged_id FROM organisation_alias)
         GROUP BY organisation_id
         ORDER BY count(*) DESC, min(organisation)
         LIMIT 100
        """
    )
    return UnmatchedNames(items=[UnmatchedName(**row) for row in rows])


async def learn_organisation(
    conn: Conn, message: AlsoOfThePast[OrganisationRegistered | OrganisationChanged]
) -> None:
    """Keep under which name an organisation is known."""
    await conn.execute(
        """
        INSERT INTO organisation (organisation_id, canonical_name) VALUES ($1, $2)
            ON CONFLICT (organisation_id) DO UPDATE SET canonical_name = excluded.canonical_name
        """,
        message.organisation_id,
        message.canonical_name,
    )


async def learn_same_organisation(
    conn: Conn, message: AlsoOfThePast[OrganisationMerged | OrganisationUnmerged]
) -> None:
    """Keep which ids stand for one organisation, and which do no more."""
    if isinstance(message, OrganisationUnmerged):
        await conn.execute("DELETE FROM organisation_alias WHERE merged_id = $1", message.merged_id)
        return
    await conn.execute(
        """
        INSERT INTO organisation_alias (merged_id, kept_id) VALUES ($1, $2)
            ON CONFLICT (merged_id) DO UPDATE SET kept_id = excluded.kept_id
        """,
        message.merged_id,
        message.kept_id,
    )
