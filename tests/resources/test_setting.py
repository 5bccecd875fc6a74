"""What another city has otherwise: read, changed, tried out, taken whole."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4
from xml.sax.saxutils import unescape

import pytest

from bus import deliver
from house import service
from pdu_resources.rules.instance import (
    Document,
    Stream,
    Word,
    Year,
    completed,
    contradictions,
    differences,
)
from pdu_shared.contracts.resources.vocabulary import CategoryDefined
from pdu_shared.database import open_database
from spare import a_spare

TODAY = date(2026, 11, 22)
YESTERDAY = TODAY - timedelta(days=1)
EMPTY = dict.fromkeys(("sector", "work_field", "role_level", "area", "heard_about"), ())


def document(*, settings=(), streams=(), years=(), **words):
    return Document(dict(settings), {**EMPTY, **words}, list(streams), list(years))


def asking(*, settings=(), streams=None, years=None, **words):
    return Document(dict(settings), words, streams, years)


def changes(before, wanted):
    whole = completed(wanted, before, today=TODAY)
    return [(one.pointer, one.kind) for one in differences(before, whole)]


AREAS = (Word("leeds", "Leeds"), Word("york", "York"), Word("unknown", "Not known"))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, []),
        ({"area": AREAS}, []),
        ({"area": (*AREAS, Word("hull", "Hull"))}, [("/area/hull", "added")]),
        ({"area": (Word("leeds", "Leeds City"), *AREAS[1:])}, [("/area/leeds", "renamed")]),
        ({"area": (AREAS[0],)}, [("/area/york", "retired")]),
        ({"area": (AREAS[1], AREAS[0], AREAS[2])}, [("/area", "reordered")]),
        ({"settings": {"a": 1, "b": 2}}, [("/settings/b", "changed")]),
    ],
)
def test_only_what_differs_changes(wanted, expected):
    before = document(area=AREAS, settings={"a": 1, "b": 1})
    assert changes(before, asking(**wanted)) == expected


def test_a_word_that_is_left_out_is_retired_and_not_deleted():
    whole = completed(asking(area=(AREAS[0],)), document(area=AREAS), today=TODAY)
    assert whole.words["area"] == [
        AREAS[0],
        Word("york", "York", YESTERDAY),
        Word("unknown", "Not known"),
    ]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (asking(area=(AREAS[0], AREAS[0])), "twice"),
        (asking(area=(Word("unknown", "Not known", TODAY),)), "never-retired"),
        (asking(streams=[Stream("a", "A", TODAY, YESTERDAY)]), "ends-before-it-begins"),
        (asking(streams=[Stream("a", "A", YESTERDAY), Stream("a", "B", TODAY)]), "overlaps"),
        (asking(years=[Year("1", "One", TODAY, YESTERDAY)]), "ends-before-it-begins"),
        (
            asking(years=[Year("1", "One", YESTERDAY, TODAY), Year("2", "Two", TODAY, TODAY)]),
            "overlaps",
        ),
    ],
)
def test_what_cannot_be_is_said(wanted, code):
    found = [one[1] for one in contradictions(completed(wanted, document(), today=TODAY))]
    assert found
    assert set(found) == {code}


@pytest.fixture(scope="module")
async def city(house):
    """The address of another city's database: what it changes is nobody else's business."""
    async with a_spare(house, "resources") as url:
        yield url


@pytest.fixture(scope="module")
async def database(city):
    async with open_database(city, application="tests") as opened:
        yield opened


@pytest.fixture(scope="module")
async def http(house, city):
    async with house.http("resources", database_url=city) as opened:
        yield opened


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def exported(http, headers):
    answer = await http.get("/instance", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json(), answer.headers["etag"]


async def take(http, headers, document, etag, **how):
    return await http.put(
        "/instance", json=document, params=how, headers={**headers, "If-Match": etag}
    )


async def told(database, name, text):
    return await database.pool.fetchval(
        "SELECT count(*) FROM outbox WHERE routing_key = $1 AND body LIKE $2",
        f"resources.{name}",
        f"%{text}%",
    )


async def test_what_was_exported_changes_nothing_when_it_is_taken(http, coordinator):
    document, etag = await exported(http, coordinator)
    assert set(document) >= {"settings", "sector", "area", "workstream", "project_year"}
    answer = await take(http, coordinator, document, etag)
    assert (answer.status_code, answer.json()) == (200, {"dry_run": False, "changes": []})


async def test_a_dry_run_says_what_would_change_and_changes_nothing(http, database, coordinator):
    code = f"area-{uuid4().hex[:10]}"
    document, etag = await exported(http, coordinator)
    wanted = {"area": [*document["area"], {"code": code, "label": "Elsewhere"}]}
    dry = await take(http, coordinator, wanted, etag, dry_run="true")
    expected = [{"pointer": f"/area/{code}", "kind": "added", "was": None, "becomes": "Elsewhere"}]
    assert dry.json() == {"dry_run": True, "changes": expected}
    assert await exported(http, coordinator) == (document, etag)
    assert await told(database, "CategoryDefined", code) == 0

    taken = await take(http, coordinator, wanted, etag)
    assert taken.json()["changes"] == expected
    assert await told(database, "CategoryDefined", code) == 1
    stale = await take(http, coordinator, wanted, etag)
    assert stale.status_code == 412
    unread = await http.put("/instance", json=wanted, headers=coordinator)
    assert unread.status_code == 428


async def test_a_retired_word_is_chosen_no_more_and_may_come_back(
    http, database, bookings_database, coordinator
):
    code = f"field-{uuid4().hex[:10]}"
    path = f"/vocabulary/work_field/{code}"

    async def offered():
        words = (await http.get("/vocabulary")).json()["work_fields"]
        return code in {word["code"] for word in words}

    await http.put(path, json={"label": "Youth work"}, headers=coordinator)
    assert await offered()
    retired = {"label": "Youth work", "valid_to": "2026-01-31"}
    answer = await http.put(path, json=retired, headers=coordinator)
    assert answer.json()["changes"][0]["kind"] == "retired"
    assert not await offered()
    assert await told(database, "CategoryDefined", f'{code}","label') == 2
    await http.put(path, json={"label": "Youth work"}, headers=coordinator)
    assert await offered()

    word = {"category_id": uuid4(), "scheme": "work_field", "code": code, "label": "Youth work"}
    for valid_to in (None, date(2026, 1, 31)):
        told_again = CategoryDefined(**word, valid_to=valid_to)
        await deliver(service("bookings"), bookings_database, told_again)
    kept = await bookings_database.pool.fetchval(
        "SELECT valid_to FROM category WHERE code = $1", code
    )
    assert kept == date(2026, 1, 31)


async def test_a_setting_is_changed_and_told_once(http, database, coordinator):
    async def value():
        items = (await http.get("/settings", headers=coordinator)).json()["items"]
        return {one["name"]: one["value"] for one in items}["feedback.days"]

    before = await told(database, "SettingChanged", "feedback.days")
    number = 30 if await value() != 30 else 31
    answers = await asyncio.gather(
        *(
            http.put("/settings/feedback.days", json={"value": number}, headers=coordinator)
            for _ in range(3)
        )
    )
    assert sorted(len(answer.json()["changes"]) for answer in answers) == [0, 0, 1]
    assert await value() == number
    assert await told(database, "SettingChanged", "feedback.days") == before + 1


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("feedback.days", 0, 422),
        ("feedback.days", "60", 422),
        ("feedback.days", True, 422),
        ("office.opens", "25:00", 422),
        ("office.opens", "8.30", 422),
        ("instance.name", "", 422),
        ("instance.name", "Ring 07700 900123", 422),
        ("area.local", ["No Code"], 422),
        ("area.local", [], 200),
        ("no.such.setting", 1, 404),
    ],
)
async def test_a_setting_is_of_its_kind(http, coordinator, name, value, status):
    answer = await http.put(f"/settings/{name}", json={"value": value}, headers=coordinator)
    assert answer.status_code == status, answer.text
    if name == "area.local" and status == 200:
        back = {"value": ["nottingham_city", "nottinghamshire"]}
        await http.put(f"/settings/{name}", json=back, headers=coordinator)


async def test_the_hub_is_harvested_under_the_name_of_its_unit(http, coordinator):
    async def said():
        identity = await http.get("/oai", params={"verb": "Identify"})
        feed = await http.get("/library/feed", headers={"Accept": "application/atom+xml"})
        return "hub of the Leeds & Bradford Unit" in unescape(identity.text), (
            "<name>Leeds & Bradford Unit</name>" in unescape(feed.text)
        )

    assert await said() == (False, False)
    name = {"value": "Leeds & Bradford Unit"}
    await http.put("/settings/instance.name", json=name, headers=coordinator)
    assert await said() == (True, True)


async def test_a_document_that_cannot_be_changes_nothing(http, coordinator):
    before = await exported(http, coordinator)
    years = [{"code": "x1", "label": "Overlap", "from": "2018-01-01", "to": "2018-12-31"}]
    for wrong, pointer in (
        ({"project_year": years}, "/project_year/1"),
        ({"settings": {"no.such": 1}}, "/settings/no.such"),
        ({"area": [{"code": "unknown", "label": "?", "valid_to": "2026-01-01"}]}, "/area/unknown"),
        ({"areas": []}, "/areas"),
    ):
        answer = await take(http, coordinator, wrong, before[1])
        assert answer.status_code == 422, answer.text
        assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    assert await exported(http, coordinator) == before


async def test_a_work_stream_gets_another_name_under_its_code(http, coordinator):
    code = f"stream-{uuid4().hex[:10]}"
    first = {"code": code, "label": "Youth", "valid_from": "2026-04-01", "valid_to": "2026-10-31"}
    second = {"code": code, "label": "Young people", "valid_from": "2026-11-01"}
    clash = {"code": code, "label": "Youth again", "valid_from": "2026-12-01"}
    for streams, status in (([first], 200), ([second], 200), ([clash], 422)):
        _, etag = await exported(http, coordinator)
        answer = await take(http, coordinator, {"workstream": streams}, etag)
        assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["code"] == "overlaps"


async def test_a_new_project_year_follows_the_last(http, database, coordinator):
    document, _ = await exported(http, coordinator)
    begins = date.fromisoformat(document["project_year"][-1]["to"]) + timedelta(days=1)
    ends = begins.replace(year=begins.year + 1) - timedelta(days=1)
    code = f"y{begins.year}"
    form = {"label": f"The year from {begins}", "from": str(begins), "to": str(ends)}
    answer = await http.put(f"/project-years/{code}", json=form, headers=coordinator)
    assert answer.json()["changes"][0]["kind"] == "added"
    assert await told(database, "ProjectYearDefined", f'"{code}"') == 1
