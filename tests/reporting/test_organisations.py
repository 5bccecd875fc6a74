"""Organisations: counted once under all their names, also when that is known only later."""

from uuid import uuid4

import pytest

import telling
from bus import arrived
from pdu_shared.contracts.resources.organisation import (
    OrganisationChanged,
    OrganisationMerged,
    OrganisationRegistered,
    OrganisationUnmerged,
)


@pytest.fixture
async def story(take):
    """Two organisations and another name of the first; one person comes under both its names."""
    year, ids = telling.project_year(), [uuid4() for _ in range(3)]
    person = uuid4()
    await take(
        year,
        *(telling.attendance(organisation_id=one, held_on=year.starts_on) for one in ids),
        *(
            telling.attendance(organisation_id=one, held_on=year.starts_on, person_id=person)
            for one in (ids[0], ids[2])
        ),
        telling.attendance(organisation_id=None, held_on=year.starts_on),
    )
    return year.code, *ids


async def counted(figure, year):
    """How many organisations there are, and who came from which."""
    [row] = await figure("organisations", project_year=year)
    attendances = await figure("attendances_by_organisation", project_year=year)
    individuals = await figure("individuals_by_organisation", project_year=year)
    return (
        row["value"],
        {one["organisation"]: one["value"] for one in attendances},
        {one["organisation"]: one["value"] for one in individuals},
    )


async def test_another_name_counts_for_its_organisation_from_when_that_is_told(take, figure, story):
    year, one, other, name = story
    everybody = {str(one): 2, str(other): 1, str(name): 2}
    assert await counted(figure, year) == (3, everybody, everybody)
    await take(OrganisationMerged(kept_id=one, merged_id=name))
    assert await counted(figure, year) == (
        2,
        {str(one): 4, str(other): 1},
        {str(one): 3, str(other): 1},
    )
    await take(OrganisationUnmerged(kept_id=one, merged_id=name))
    assert await counted(figure, year) == (3, everybody, everybody)


async def test_the_newest_word_about_a_name_counts_whichever_is_heard_first(take, figure, story):
    year, one, other, name = story
    first = arrived(OrganisationMerged(kept_id=one, merged_id=name))
    second = arrived(OrganisationMerged(kept_id=other, merged_id=name))
    await take(second)
    await take(first)
    _, attendances, _ = await counted(figure, year)
    assert attendances == {str(one): 2, str(other): 3}


async def test_the_registry_says_of_which_sector_an_organisation_is(take, figure, story):
    year, one, *_ = story
    registered = OrganisationRegistered(
        organisation_id=one, canonical_name="Example Housing", sector="private"
    )
    await take(registered)
    asked = {"project_year": year, "organisation": str(one), "by": "sector"}
    [row] = await figure("attendances_by_organisation", **asked)
    assert (row["sector"], row["value"]) == ("private", 2)
    await take(OrganisationChanged(**{**registered.model_dump(), "sector": "statutory"}))
    [row] = await figure("attendances_by_organisation", **asked)
    assert row["sector"] == "statutory"
