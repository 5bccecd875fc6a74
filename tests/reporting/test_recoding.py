"""What was told as `other` counts under another word, and the answer says so."""

from datetime import UTC, datetime, time
from uuid import uuid4

import pytest

import telling
import telling_explaining


@pytest.fixture
async def year(take):
    """A project year in which words are recoded; nothing holds after the test."""
    told = telling.project_year()
    await take(told)
    return told


@pytest.fixture
async def recode(take, year):
    """`await recode(…)`: what counts from now on, of this year only."""
    made = []

    async def counts(**details):
        days = {"valid_from": year.starts_on, "valid_to": year.ends_on}
        made.append(telling_explaining.recoding(**{**days, **details}))
        await take(made[-1])
        return made[-1]

    yield counts
    for one in made:
        await take(one.model_copy(update={"withdrawn": True}))


def came(year, sector="other", **details):
    return telling.attendance(held_on=year.starts_on, sector=sector, **details)


async def test_what_was_told_as_other_counts_as_what_it_was(figure, take, year, recode, kept):
    attendance = came(year)
    await take(attendance, came(year, "voluntary"))
    asked = {"project_year": year.code, "by": "sector"}
    assert await figure("attendances", **asked) == [
        {"sector": "other", "value": 1}, {"sector": "voluntary", "value": 1},
    ]  # fmt: skip
    await recode()
    assert await figure("attendances", **asked) == [{"sector": "voluntary", "value": 2}]
    assert await figure("individuals", **asked) == [{"sector": "voluntary", "value": 2}]
    [row] = await kept("attendance", attendance_id=attendance.attendance_id)
    assert row["sector"] == "other", "what was told stays as it is"


async def test_an_answer_says_what_was_recoded_in_it(answer, take, year, recode):
    await take(came(year))
    await recode()
    told = await answer("attendances", project_year=year.code, by="sector")
    first_day = year.starts_on.isoformat()  # tests beside this one recode other years
    [note] = [one for one in told["recodings"] if one["valid_from"] == first_day]
    assert (note["source_code"], note["canonical_code"]) == ("other", "voluntary")
    assert note["note"] == "Tenants had no sector of their own."
    assert (await answer("attendances", project_year=year.code))["recodings"] == []


async def test_a_recoding_holds_on_its_days_only(figure, take, year, recode):
    await take(came(year), telling.attendance(held_on=year.ends_on, sector="other"))
    await recode(valid_to=year.starts_on)
    assert await figure("attendances", project_year=year.code, by="sector") == [
        {"sector": "other", "value": 1}, {"sector": "voluntary", "value": 1},
    ]  # fmt: skip


async def test_a_recoding_of_an_organisation_goes_before_that_of_all(figure, take, year, recode):
    theirs = uuid4()
    await take(came(year, organisation_id=theirs), came(year))
    await recode()
    await recode(organisation_id=theirs, canonical_code="private")
    assert await figure("attendances", project_year=year.code, by="sector") == [
        {"sector": "private", "value": 1}, {"sector": "voluntary", "value": 1},
    ]  # fmt: skip


async def test_filters_and_shares_count_as_recoded(share, take, year, recode):
    await take(came(year), came(year, "statutory"))
    await recode()
    asked = {"project_year": year.code, "sector": "voluntary"}
    assert await share("attendance_share", **asked) == (50.0, 1, 2)
    ratio = await share("attendance_ratio", **asked, against_sector="statutory")
    assert ratio == (1.0, 1, 1)


async def test_what_is_taken_back_counts_as_it_was_told(figure, take, year, recode):
    await take(came(year))
    made = await recode()
    await take(made.model_copy(update={"withdrawn": True}))
    assert await figure("attendances", project_year=year.code, by="sector") == [
        {"sector": "other", "value": 1}
    ]


async def test_members_and_bookings_are_recoded_too(figure, take, year, recode):
    event = telling.published()
    noon = datetime.combine(year.starts_on, time(12), UTC)
    session = telling.scheduled(learning_event_id=event.learning_event_id, starts_at=noon)
    booked = telling.booked(
        learning_event_id=event.learning_event_id,
        session_ids=(session.session_id,),
        sector="other",
        booked_on=year.starts_on,
    )
    await take(event, session, booked, telling.member(sector="other", registered_on=year.starts_on))
    await recode()
    asked = {"project_year": year.code, "by": "sector"}
    for name in ("bookings", "hub_registrations"):
        assert await figure(name, **asked) == [{"sector": "voluntary", "value": 1}]


async def test_who_stands_behind_other_can_be_asked(figure, take, year):
    organisation = telling.organisation()
    await take(organisation, came(year, organisation_id=organisation.organisation_id))
    asked = {"project_year": year.code, "scheme": "sector", "by": "organisation"}
    assert await figure("attendances_told_other", **asked) == [
        {"organisation": str(organisation.organisation_id), "value": 1}
    ]
