"""Members for a coordinator: filtered, found, taken away as a file; whose were read is kept."""

import csv
import io
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from members import a_member
from resources.organisations import Registry, a_name


@pytest.fixture
def reader():
    return uuid4()


@pytest.fixture
def coordinator(token, reader):
    return token("coordinator", sub=reader)


@pytest.fixture
async def three(resources_http, token):
    """Three members of one organisation of their own: its name, and they, oldest first."""
    organisation = a_name("Listing")
    said = (
        {"sector": "voluntary", "interests": ["housing"]},
        {"sector": "statutory", "interests": ["housing", "women"]},
        {"sector": "private", "name": "=HYPERLINK(1)"},
    )
    members = [
        await a_member(resources_http, token, organisation=organisation, **one) for one in said
    ]
    return organisation, members


def cells(content, form):
    """The rows of a file, its headings first."""
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    [worksheet] = load_workbook(io.BytesIO(content), read_only=True).worksheets
    return [[cell.value for cell in row] for row in worksheet.iter_rows()]


async def ids(http, coordinator, **asked):
    answer = await http.get("/coordinator/members", params=asked, headers=coordinator)
    assert answer.status_code == 200, answer.text
    return [one["person_id"] for one in answer.json()["items"]]


async def test_members_are_filtered_by_all_that_they_said(resources_http, coordinator, three):
    organisation, members = three
    one, two, three_ = (str(member.person_id) for member in members)
    mine = {"organisation": organisation.upper()}
    assert await ids(resources_http, coordinator, **mine) == [three_, two, one]
    for asked, expected in (
        ({"sector": "statutory"}, [two]),
        ({"interest": "housing"}, [two, one]),
        ({"interest": "women", "sector": "voluntary"}, []),
        ({"closed": "true"}, []),
        ({"to": "2020-01-01"}, []),
        ({"from": "2020-01-01"}, [three_, two, one]),
    ):
        assert await ids(resources_http, coordinator, **mine, **asked) == expected


async def test_pages_follow_one_another(resources_http, coordinator, three):
    organisation, members = three
    found, after = [], {}
    for _ in members:
        asked = {"organisation": organisation, "limit": 1, **after}
        answer = await resources_http.get("/coordinator/members", params=asked, headers=coordinator)
        page = answer.json()
        found += [one["person_id"] for one in page["items"]]
        after = {"after": page["next"]}
    assert found == [str(one.person_id) for one in reversed(members)]
    assert after == {"after": None}


async def test_a_member_is_listed_under_the_organisation_that_the_registry_knows(
    resources_http, coordinator, three
):
    typed, members = three
    registry = Registry(resources_http, coordinator)
    kept, name = a_name("Canonical"), a_name("Alias")
    organisation = await registry.add(kept)
    doubled = await registry.add(name, also_known_as=[typed])
    await registry.merge(doubled, organisation)
    found = await ids(resources_http, coordinator, organisation_id=organisation)
    assert len(found) == len(members)
    path = f"/coordinator/members/{members[0].person_id}"
    seen = (await resources_http.get(path, headers=coordinator)).json()
    assert (seen["organisation"], seen["organisation_id"]) == (kept, organisation)


async def test_a_member_is_found_by_name_or_address_and_reading_is_kept(
    resources_http, resources_database, coordinator, reader, three
):
    _, [member, *_] = three
    for text in (member.email.upper(), member.email.partition("@")[0]):
        answer = await resources_http.post(
            "/coordinator/members/search", json={"name_or_address": text}, headers=coordinator
        )
        assert [one["address"] for one in answer.json()["items"]] == [member.email]
    rows = await resources_database.pool.fetch(
        "SELECT kind, of_id, why FROM sensitive_read WHERE reader = $1", reader
    )
    assert {tuple(row) for row in rows} == {("member", member.person_id, "search")}


async def test_a_file_has_the_same_members_and_nothing_in_it_runs(
    resources_http, coordinator, three
):
    organisation, members = three
    for form in ("csv", "xlsx"):
        answer = await resources_http.get(
            "/coordinator/members/file",
            params={"organisation": organisation, "format": form},
            headers=coordinator,
        )
        heads, *lines = cells(answer.content, form)
        rows = [dict(zip(heads, line, strict=True)) for line in lines]
        assert [row["Member"] for row in rows] == [str(one.person_id) for one in reversed(members)]
        assert rows[0]["Name"] == "'=HYPERLINK(1)"


async def test_who_took_whom_away_in_a_file_is_kept(
    resources_http, resources_database, coordinator, reader, three
):
    organisation, members = three
    asked = {"organisation": organisation}
    await resources_http.get("/coordinator/members/file", params=asked, headers=coordinator)
    rows = await resources_database.pool.fetch(
        "SELECT of_id, why FROM sensitive_read WHERE reader = $1", reader
    )
    assert {tuple(row) for row in rows} == {(one.person_id, "file") for one in members}


async def test_an_unknown_member_is_nobody(resources_http, coordinator):
    answer = await resources_http.get(f"/coordinator/members/{uuid4()}", headers=coordinator)
    assert answer.status_code == 404


@pytest.mark.parametrize("role", ["member", "evaluator", "operator", "data_protection_lead"])
async def test_nobody_else_lists_members(resources_http, token, role):
    for path in ("/coordinator/members", "/coordinator/members/file"):
        assert (await resources_http.get(path, headers=token(role))).status_code == 403
