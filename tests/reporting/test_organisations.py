"""Organisations: counted once under all their names, also when that is known only later."""

from uuid import uuid4

import pytest

import telling
from bus import arrived
from pdu_shared.contracts.resources.organisation import (
    AbsenceExplained,
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


async def test_how_many_come_from_the_organisations_from_which_most_come(take, share):
    year, ids = telling.project_year(), [uuid4() for _ in range(4)]
    from_each = ((ids[0], 4), (ids[1], 3), (ids[2], 2), (ids[3], 1))
    await take(
        year,
        telling.attendance(organisation_id=None, held_on=year.starts_on),
        *(
            telling.attendance(organisation_id=one, held_on=year.starts_on)
            for one, attendances in from_each
            for _ in range(attendances)
        ),
    )
    asked = {"project_year": year.code}
    assert await share("attendances_from_top", **asked, top="1") == (40.0, 4, 10)
    assert await share("attendances_from_top", **asked, top="3") == (90.0, 9, 10)
    assert await share("attendances_from_top", **asked) == (100.0, 10, 10)
    await take(OrganisationMerged(kept_id=ids[1], merged_id=ids[2]))
    assert await share("attendances_from_top", **asked, top="1") == (50.0, 5, 10)


async def test_organisations_are_engaged_lapsed_or_have_never_come(take, figure):
    year = telling.project_year()
    here, gone, never, named_twice = (telling.organisation() for _ in range(4))
    alias = telling.another_name(named_twice)
    before = year.starts_on.replace(year=year.starts_on.year - 1)
    await take(
        year, here, gone, never, named_twice, alias,
        telling.attendance(organisation_id=here.organisation_id, held_on=year.starts_on),
        telling.attendance(organisation_id=here.organisation_id, held_on=before),
        telling.attendance(organisation_id=gone.organisation_id, held_on=before),
        telling.attendance(organisation_id=alias.merged_id, held_on=year.starts_on),
        telling.attendance(
            organisation_id=never.organisation_id, held_on=before, state="absent_apologies"
        ),
    )  # fmt: skip
    ours = {
        "organisation": ",".join(
            str(one.organisation_id) for one in (here, gone, never, named_twice)
        ),
        "period_from": year.starts_on.isoformat(),
    }
    rows = await figure("organisation_engagement", **ours)
    assert {row["engagement"]: row["value"] for row in rows} == {
        "engaged": 2,
        "lapsed": 1,
        "never": 1,
    }
    [row] = await figure("organisation_engagement", **ours, engagement="lapsed", by="organisation")
    assert row["organisation"] == str(gone.organisation_id)


async def test_why_nobody_comes_is_counted_of_those_from_which_nobody_does(take, figure):
    year = telling.project_year()
    here, gone, never, asked, silent = (telling.organisation() for _ in range(5))
    before = year.starts_on.replace(year=year.starts_on.year - 1)
    alias = telling.another_name(never)
    await take(
        year, here, gone, never, asked, silent, alias,
        telling.attendance(organisation_id=here.organisation_id, held_on=year.starts_on),
        telling.attendance(organisation_id=gone.organisation_id, held_on=before),
        telling.absence(here, "cost"),
        telling.absence(gone, "no_cover", "times"),
        telling.absence(never, "no_time"),
        AbsenceExplained(
            organisation_id=alias.merged_id, reasons=("no_cover",), asked_on=year.starts_on
        ),
        telling.absence(asked, "other"), telling.absence(asked),
    )  # fmt: skip
    ours = {
        "organisation": ",".join(
            str(one.organisation_id) for one in (here, gone, never, asked, silent)
        ),
        "period_from": year.starts_on.isoformat(),
    }
    rows = await figure("reasons_for_absence", **ours)
    assert {row["reason"]: row["value"] for row in rows} == {
        "no_cover": 2, "times": 1, "no_time": 1, "not_asked": 2,
    }  # fmt: skip
    rows = await figure("reasons_for_absence", **ours, by="engagement", reason="no_cover")
    assert {row["engagement"]: row["value"] for row in rows} == {"lapsed": 1, "never": 1}
