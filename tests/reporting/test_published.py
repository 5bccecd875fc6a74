"""The published set: project years that are over, the same tables each time, told once."""

from datetime import date
from itertools import count

import pytest

import a
import telling
from pdu_reporting.families import FAMILIES

_past = count(1901)


@pytest.fixture
async def publish(reporting_http, take):
    """`await publish()`: what the next publication shows."""
    del take

    async def published(**asked):
        body = {"kind": "published", "title": "For everybody", **asked}
        answer = await reporting_http.post("/snapshots", json=body, headers=a.key())
        assert answer.status_code == 201, answer.text
        return answer.json()

    return published


@pytest.fixture
async def shown(house, publish):
    """`await shown(year)`: what everybody sees of a year, table by table."""
    async with house.http("reporting") as everybody:

        async def of_year(year, *, after=None):
            if after is None:
                await publish()
            answer = await everybody.get("/published")
            assert answer.status_code == 200, answer.text
            return {
                table["name"]: [row for row in table["rows"] if row.get("project_year") == year]
                for table in answer.json()["tables"]
            }

        yield of_year


def long_ago(**details):
    """A project year that is over."""
    first = next(_past)
    days = {"starts_on": date(first, 4, 1), "ends_on": date(first + 1, 3, 31)}
    return telling.project_year(**days, **details)


def came(year, **sectors):
    return [
        telling.attendance(held_on=year.starts_on, sector=sector)
        for sector, number in sectors.items()
        for _ in range(number)
    ]


def by_sector(rows):
    return {row["sector"]: row["value"] for row in rows}


async def test_everybody_sees_a_year_that_is_over(shown, take):
    year = long_ago()
    await take(year, *came(year, statutory=30, voluntary=12, private=2))
    tables = await shown(year.code)
    [total] = tables["attendances"]
    assert total["value"] == 44
    assert by_sector(tables["attendances.sector"]) == {
        "statutory": 30, "voluntary": None, "private": None,
    }  # fmt: skip
    assert total["counted_on"] == date.today().isoformat()  # noqa: DTZ011 - tests run by day


async def test_what_is_withheld_of_attendances_is_withheld_of_individuals(shown, take):
    year = long_ago()
    person = telling.attendance().person_id
    often = [
        telling.attendance(held_on=year.starts_on, sector="private", person_id=person)
        for _ in range(3)
    ]
    await take(year, *often, *came(year, statutory=30, voluntary=12))
    tables = await shown(year.code)
    hidden = {one for one, value in by_sector(tables["attendances.sector"]).items() if not value}
    also = {one for one, value in by_sector(tables["individuals.sector"]).items() if not value}
    assert hidden == also == {"private", "voluntary"}


async def test_what_was_published_stands_until_somebody_says_otherwise(shown, publish, take):
    year = long_ago()
    await take(year, *came(year, statutory=30, voluntary=12))
    await shown(year.code)
    await take(*came(year, statutory=10))
    assert (await shown(year.code))["attendances"][0]["value"] == 42
    made = await publish(anew=[year.code])
    assert not [one for one in made["stands"] if one.startswith("attendances/")]
    assert (await shown(year.code, after=made))["attendances"][0]["value"] == 52


async def test_a_correction_of_few_people_is_not_to_be_seen(shown, publish, take):
    year = long_ago()
    await take(year, *came(year, statutory=30, voluntary=12))
    await shown(year.code)
    await take(*came(year, statutory=10, voluntary=1))
    made = await publish(anew=[year.code])
    assert f"attendances/{year.code}" in made["stands"]
    tables = await shown(year.code, after=made)
    assert by_sector(tables["attendances.sector"]) == {"statutory": 30, "voluntary": 12}


async def test_corrections_are_told_to_the_others(shown, publish, take, reporting_database):
    year = long_ago()
    await take(year, *came(year, statutory=30))
    await shown(year.code)
    await take(*came(year, statutory=10))
    await publish(anew=[year.code])
    told = await reporting_database.pool.fetch(
        """
        SELECT body::jsonb -> 'data' ->> 'figure' AS figure, routing_key,
               body::jsonb -> 'data' ->> 'value'  AS value,
               body::jsonb -> 'data' ->> 'was'    AS was
          FROM (SELECT position, routing_key, CASE WHEN body <> '' THEN body END AS body
                  FROM outbox) AS outbox
         WHERE body::jsonb -> 'data' ->> 'project_year' = $1
         ORDER BY position
        """,
        year.code,
    )
    of_attendances = [tuple(row)[1:] for row in told if row["figure"] == "attendances"]
    assert of_attendances == [
        ("reporting.FigurePublished", "30", None),
        ("reporting.FigureCorrected", "40", "30"),
    ]


async def test_a_year_in_progress_is_rounded_down_and_not_cut(shown, take, figure):
    today = date.today()  # noqa: DTZ011 - tests run by day
    year = telling.project_year(starts_on=today, ends_on=today.replace(year=today.year + 1))
    await take(year)
    [others] = await figure("attendances", project_year=year.code)  # what other tests have told
    await take(*came(year, statutory=8))
    tables = await shown(year.code)
    [total] = tables["attendances"]
    assert (total["value"], total["comparable"]) == ((others["value"] + 8) // 5 * 5, False)
    assert "rounded_down" in total["caveats"]
    assert tables["attendances.sector"] == []


async def test_answers_are_published_by_year_with_their_base(shown, take):
    year = long_ago()
    answers = [("yes", 24), ("no", 9), ("unsure", 2)]
    await take(
        year,
        *(
            telling.submitted(
                telling.answered("core.intends_change", options=(option,)),
                survey_key="post_event",
                submitted_on=year.starts_on,
            )
            for option, number in answers
            for _ in range(number)
        ),
    )
    rows = {
        row["option_code"]: row for row in (await shown(year.code))["answers.core.intends_change"]
    }
    assert (rows["yes"]["numerator"], rows["yes"]["denominator"]) == (24, 35)
    assert rows["unsure"]["withheld"]
    assert rows["no"]["withheld"]


async def test_what_is_published_needs_no_token_and_is_asked_for_once(house, publish):
    await publish()
    async with house.http("reporting") as everybody:
        first = await everybody.get("/published")
        assert first.headers["cache-control"] == "public, max-age=300"
        etag = first.headers["etag"]
        again = await everybody.get("/published", headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        await publish()
        anew = await everybody.get("/published", headers={"If-None-Match": etag})
        assert anew.status_code == 200
        one = (await everybody.get("/published/totals")).json()
        assert {row["figure"] for row in one["tables"][0]["rows"]} >= {"attendances", "individuals"}
        assert (await everybody.get("/published/nobody")).status_code == 404


async def test_the_set_has_every_table_also_where_it_is_empty(house, publish):
    await publish()
    async with house.http("reporting") as everybody:
        told = (await everybody.get("/published")).json()
    names = [table["name"] for table in told["tables"]]
    assert names[0] == "totals"
    assert {family.name for family in FAMILIES} <= set(names)
    assert len(set(names)) == len(names)
