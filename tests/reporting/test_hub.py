"""Accounts of the hub, and those who use it."""

from datetime import date
from uuid import uuid4

import pytest

import telling
from pdu_shared.contracts.resources.usage import ModuleCompleted, ResourceDownloaded


@pytest.fixture
async def year(take):
    """A year with an account in each half, and one of another sector on its last day."""
    year = telling.project_year()
    await take(
        year,
        telling.member(registered_on=year.starts_on),
        telling.member(registered_on=date(year.ends_on.year, 1, 1), work_field="mental_health"),
        telling.member(registered_on=year.ends_on, sector="statutory"),
    )
    return year


async def test_accounts_are_counted_up_to_a_day(figure, year):
    asked = {"project_year": year.code}
    assert await figure("hub_registrations", **asked) == [{"value": 3}]
    before = date(year.ends_on.year, 3, 30).isoformat()
    assert await figure("hub_registrations", **asked, as_of=before) == [{"value": 2}]
    last = year.ends_on.isoformat()
    assert await figure("hub_registrations", **asked, as_of=last) == [{"value": 3}]


async def test_a_sector_has_its_share_of_the_accounts(share, year):
    asked = {"project_year": year.code, "sector": "statutory"}
    assert await share("hub_registration_share", **asked) == (33.33, 1, 3)
    as_of = date(year.ends_on.year, 3, 30).isoformat()
    assert await share("hub_registration_share", **asked, as_of=as_of) == (0.0, 0, 2)


async def test_new_users_are_told_by_field_and_sector(figure, year):
    asked = {"project_year": year.code}
    assert await figure("hub_new_users", **asked, by="work_field") == [
        {"work_field": "housing_homelessness", "value": 2},
        {"work_field": "mental_health", "value": 1},
    ]
    period = {"period_from": f"{year.ends_on.year}-01-01", "period_to": year.ends_on.isoformat()}
    assert await figure("hub_new_users", **period, by="sector") == [
        {"sector": "statutory", "value": 1},
        {"sector": "voluntary", "value": 1},
    ]


async def test_active_users_are_people_whatever_they_did(take, figure):
    year, people, item = telling.project_year(), [uuid4(), uuid4()], telling.word("item").code
    on = {"happened_on": year.starts_on}
    await take(
        year,
        telling.member(person_id=people[0], sector="private"),
        telling.activity(person_id=people[0], **on),
        telling.activity(ResourceDownloaded, person_id=people[0], item_key=item, **on),
        telling.activity(ModuleCompleted, person_id=people[1], **on),
    )
    asked = {"project_year": year.code}
    assert await figure("hub_active_users", **asked) == [{"value": 2}]
    assert await figure("hub_active_users", **asked, by="action") == [
        {"action": "downloaded", "value": 1},
        {"action": "module_completed", "value": 1},
        {"action": "viewed", "value": 1},
    ]
    assert await figure("hub_active_users", **asked, item_key=item) == [{"value": 1}]
    assert await figure("hub_active_users", **asked, by="sector") == [
        {"sector": "private", "value": 1},
        {"sector": None, "value": 1},
    ]
    await take(telling.merged(kept_id=people[0], merged_id=people[1]))
    assert await figure("hub_active_users", **asked) == [{"value": 1}]
