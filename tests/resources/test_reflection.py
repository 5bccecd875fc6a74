"""A private log: one person writes and reads it; nobody else, no message and no figure does."""

import io
import json
from uuid import uuid4

import pytest
from pypdf import PdfReader

import a
import lessons
from digest import digest
from house import service
from pdu_shared.access import Role

CANARY = "Canary 5e1c: R. left when I began with the form."


@pytest.fixture
def http(resources_http):
    return resources_http


@pytest.fixture
async def writer(http, token):
    """The header of somebody with an account."""
    return (await lessons.member(http, token))[1]


async def write(http, headers, text=CANARY, **details):
    form = {"text": text, **details}
    answer = await http.post("/reflections", json=form, headers={**headers, **a.key()})
    assert answer.status_code == 201, answer.text
    return f"/reflections/{answer.json()['reflection_id']}"


async def test_an_entry_is_written_changed_and_deleted_by_its_writer(http, writer):
    path = await write(http, writer, about={"kind": "module", "ref": "act-first-steps"})
    read = await http.get(path, headers=writer)
    assert (read.json()["text"], read.json()["about"]["ref"]) == (CANARY, "act-first-steps")
    headers = {**writer, "If-Match": read.headers["etag"]}
    changed = await http.put(path, json={"text": "Other words"}, headers=headers)
    assert (changed.status_code, changed.json()["text"]) == (200, "Other words")
    assert changed.json()["happened_on"] == read.json()["happened_on"]
    assert (await http.put(path, json={"text": "Late"}, headers=headers)).status_code == 412
    assert (await http.put(path, json={"text": "Late"}, headers=writer)).status_code == 428
    assert (await http.delete(path, headers=writer)).status_code == 204
    assert (await http.get(path, headers=writer)).status_code == 404
    assert (await http.delete(path, headers=writer)).status_code == 404


async def test_nobody_else_finds_it_whatever_their_role(http, resources_database, token, writer):
    path = await write(http, writer)
    before = await digest(resources_database)
    for role in Role:
        _, other = await lessons.member(http, token) if role is Role.MEMBER else (None, token(role))
        for method in ("GET", "PUT", "DELETE"):
            headers = {**other, "If-Match": f'"{path.rpartition("/")[2]}.1"'}
            body = {"text": "Mine"} if method == "PUT" else None
            answer = await http.request(method, path, json=body, headers=headers)
            assert answer.status_code in {403, 404, 409}, (role, method)
            assert CANARY not in answer.text
        listed = await http.get("/reflections", headers=other)
        assert CANARY not in listed.text
    after = await digest(resources_database)
    assert {name for name in before if before[name] != after[name]} <= {
        "member", "mailed_code", "code_letter", "idempotency", "outbox", "attempt",
    }  # fmt: skip


def test_no_route_gives_a_log_to_anybody_by_an_id_of_its_writer():
    routes = [route for route in service("resources").access if "reflection" in route]
    assert {route.partition("{")[2].partition("}")[0] for route in routes} == {"", "reflection_id"}


async def test_what_is_written_stands_in_its_own_table_and_nowhere_else(
    http, resources_database, writer
):
    form, key = {"text": CANARY}, a.key()
    answers = [
        await http.post("/reflections", json=form, headers={**writer, **key}) for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    tables = await resources_database.pool.fetch(
        """
        SELECT table_name, format('SELECT count(*) FROM %I AS r WHERE r::text LIKE $1', table_name)
               AS statement
          FROM information_schema.tables
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
        """
    )
    found = {
        one["table_name"]
        for one in tables
        if await resources_database.pool.fetchval(one["statement"], "%Canary 5e1c%")
    }
    assert found == {"reflection"}


async def test_a_log_is_taken_away_as_data_as_text_and_to_print(http, writer):
    nasty = "#eval(1) *bold* $x$\n\nSecond paragraph, \u201cquoted\u201d."
    await write(http, writer, nasty, happened_on="2026-10-01")
    await write(http, writer, "Newer")
    taken = await http.get("/reflection-log", headers=writer)
    assert [one["text"] for one in taken.json()["items"]] == ["Newer", nasty]
    assert taken.headers["cache-control"] == "no-store"
    text = (await http.get("/reflection-log?format=markdown", headers=writer)).text
    assert f"## 1 October 2026\n\n{nasty}" in text
    printed = await http.get("/reflection-log?format=pdf", headers=writer)
    assert printed.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(printed.content))
    said = " ".join(page.extract_text() for page in reader.pages)
    assert "#eval(1) *bold* $x$" in said
    assert reader.metadata.title == "My reflections"
    assert "/StructTreeRoot" in reader.trailer["/Root"], "a screen reader finds its way"


async def test_a_log_comes_in_pages(http, writer):
    for number in range(3):
        await write(http, writer, f"Entry {number}")
    first = (await http.get("/reflections?limit=2", headers=writer)).json()
    rest = (await http.get(f"/reflections?after={first['next']}", headers=writer)).json()
    assert [one["text"] for one in first["items"]] == ["Entry 2", "Entry 1"]
    assert ([one["text"] for one in rest["items"]], rest["next"]) == (["Entry 0"], None)


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({}, "/text"),
        ({"text": "  "}, "/text"),
        ({"text": "x", "happened_on": "2999-01-01"}, "/happened_on"),
        ({"text": "x", "about": {"kind": "person", "ref": "x"}}, "/about/kind"),
        ({"text": "x", "mood": 3}, "/mood"),
    ],
)
async def test_what_cannot_be_kept_is_refused(http, writer, form, pointer):
    answer = await http.post("/reflections", json=form, headers={**writer, **a.key()})
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert json.dumps(form.get("text", "-")) not in answer.text
    assert (await http.get(f"/reflections/{uuid4()}", headers=writer)).status_code == 404
