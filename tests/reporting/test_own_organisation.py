"""Who leads an organisation sees how many came from it, and never numbers about a few people."""

from datetime import date
from itertools import count
from uuid import uuid4

import pytest

import telling
from bus import deliver
from house import service
from pdu_shared.access import Role
from pdu_shared.database import open_database
from spare import a_spare

LIMIT = 5


_years = count(1951)


@pytest.fixture(scope="module")
async def apart(house):
    """A database of its own, as years before the project's would show in others' tests."""
    async with a_spare(house, "reporting") as url, open_database(url, application="tests") as one:
        yield url, one


@pytest.fixture
async def take(apart):
    """`await take(a, b)`: reporting gets these messages."""

    async def take_together(*messages):
        await deliver(service("reporting"), apart[1], *messages)

    return take_together


@pytest.fixture
async def own(house, apart):
    """`await own(organisation_id)`: what who leads that organisation is answered."""
    async with house.http("reporting", database_url=apart[0]) as http:

        async def ask(organisation_id, role=Role.ORGANISATION_LEAD, *, status=200):
            headers = house.authorised(role, organisation_id=organisation_id)
            answer = await http.get("/own-organisation", headers=headers)
            assert answer.status_code == status, answer.text
            return answer.json()

        yield ask


def of(answer, year):
    """What is said of a year: individuals, attendances, and whether they are withheld."""
    [found] = [one for one in answer["years"] if one["project_year"] == year.code]
    return found["individuals"], found["attendances"], found["withheld"]


def over():
    """A year that is over."""
    year = next(_years)
    return telling.project_year(starts_on=date(year, 4, 1), ends_on=date(year + 1, 3, 31))


def came(organisation_id, year, number, **details):
    return [
        telling.attendance(organisation_id=organisation_id, held_on=year.starts_on, **details)
        for _ in range(number)
    ]


async def test_years_with_enough_people_are_shown_and_those_with_few_are_not(take, own):
    ours, others = uuid4(), uuid4()
    many, few, none = over(), over(), over()
    twice = uuid4()
    await take(
        many, few, none,
        *came(ours, many, 4), *came(ours, many, 2, person_id=twice),
        *came(ours, few, 4), *came(others, few, 7),
    )  # fmt: skip
    answer = await own(ours)
    assert answer["withheld_below"] == LIMIT
    assert of(answer, many) == (5, 6, False)
    assert of(answer, few) == (None, None, True)
    assert of(answer, none) == (0, 0, False)
    assert of(await own(others), few) == (7, 7, False)


async def test_a_few_who_come_often_are_withheld_with_how_often_they_come(take, own):
    ours, year, person = uuid4(), over(), uuid4()
    await take(year, *came(ours, year, 9, person_id=person))
    assert of(await own(ours), year) == (None, None, True)


async def test_a_year_in_progress_is_not_shown(take, own):
    ours, year = uuid4(), telling.project_year()  # years of tests lie ahead
    await take(year, *came(ours, year, 9))
    codes = {one["project_year"] for one in (await own(ours))["years"]}
    assert year.code not in codes


async def test_people_under_each_of_its_names_are_from_one_organisation(take, own):
    registered, year = telling.organisation(), over()
    alias = telling.another_name(registered)
    await take(
        year, registered, alias,
        *came(registered.organisation_id, year, 3), *came(alias.merged_id, year, 3),
    )  # fmt: skip
    for one in (registered.organisation_id, alias.merged_id):
        answer = await own(one)
        assert answer["organisation_id"] == str(registered.organisation_id)
        assert of(answer, year) == (6, 6, False)


async def test_a_manager_may_ask_and_whoever_is_of_no_organisation_finds_nothing(own):
    await own(uuid4(), Role.MANAGER)
    await own(None, status=404)
    await own(uuid4(), Role.MEMBER, status=403)
    await own(uuid4(), Role.COORDINATOR, status=403)
