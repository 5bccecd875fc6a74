"""Figures of one's own organisation, for whoever leads it or manages in it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_reporting.asking import Asked
from pdu_reporting.counting import Counted, counted_in, moment
from pdu_reporting.figure import Figure
from pdu_reporting.figures.organisations import (
    ATTENDANCES_BY_ORGANISATION,
    INDIVIDUALS_BY_ORGANISATION,
)
from pdu_reporting.rules.project_year import ProjectYear
from pdu_shared.access import Who
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

BY = ("project_year", "organisation")

router = APIRouter(tags=["figures"])


class OwnYear(BaseModel):
    """A project year that is over, of one organisation."""

    project_year: str
    label: str
    is_partial: bool
    individuals: int | None = Field(description="How many different people came from it")
    attendances: int | None = Field(description="How often they came")
    withheld: bool = Field(description="So few people came that the numbers would be about them")


class OwnOrganisation(BaseModel):
    """How many people came from the caller's organisation, under whichever of its names."""

    organisation_id: UUID
    withheld_below: int = Field(description="Numbers about fewer people than these are not shown")
    as_of: datetime | None
    journal_position: int
    years: list[OwnYear] = Field(description="Years that are over: one in progress would tell who")


@router.get("/own-organisation")
async def own_organisation(database: Store, who: Who) -> OwnOrganisation:
    """How many people came from the organisation of the caller, in each year that is over.

    404 for a caller whose token names no organisation.
    """
    if who.organisation_id is None:
        raise NotFound
    async with moment(database, INDIVIDUALS_BY_ORGANISATION.fact.tables) as conn:
        organisation_id = await _kept(conn, who.organisation_id)
        people = await _counted(conn, INDIVIDUALS_BY_ORGANISATION, organisation_id)
        times = await _counted(conn, ATTENDANCES_BY_ORGANISATION, organisation_id)
        years = await _over(conn)
    limit = people.withheld_below
    came, how_often = _by_year(people), _by_year(times)
    return OwnOrganisation(
        organisation_id=organisation_id,
        withheld_below=limit,
        as_of=people.as_of,
        journal_position=people.position,
        years=[
            _year(one, came.get(one.code, 0), how_often.get(one.code, 0), limit) for one in years
        ],
    )


def _year(year: ProjectYear, people: int, times: int, limit: int) -> OwnYear:
    """Few people often are few people: both numbers are withheld together."""
    withheld = 0 < people < limit
    return OwnYear(
        project_year=year.code,
        label=year.label,
        is_partial=year.is_partial,
        individuals=None if withheld else people,
        attendances=None if withheld else times,
        withheld=withheld,
    )


def _by_year(counted: Counted) -> Mapping[str | None, int]:
    return {
        row.dimensions["project_year"]: row.value
        for row in counted.rows
        if isinstance(row.value, int)
    }


async def _counted(conn: Conn, figure: Figure, organisation_id: UUID) -> Counted:
    words = {"organisation": [str(organisation_id)]}
    return await counted_in(conn, figure, Asked(BY, words, first=None, last=None))


async def _kept(conn: Conn, organisation_id: UUID) -> UUID:
    """The organisation that this one turned out to be, or itself."""
    found: UUID | None = await conn.fetchval(
        "SELECT kept_id FROM organisation_alias WHERE merged_id = $1 AND merged", organisation_id
    )
    return found or organisation_id


async def _over(conn: Conn) -> list[ProjectYear]:
    rows = await conn.fetch(
        """
        SELECT code, label, starts_on, ends_on, is_partial
          FROM project_year
         WHERE ends_on < (now() AT TIME ZONE 'Europe/London')::date
         ORDER BY starts_on
        """
    )
    return [ProjectYear(**row) for row in rows]
