"""Organisations under one name: registered, named, merged and parted; nobody is part of itself."""

import asyncio
import csv
import io
from uuid import UUID, uuid4

import pytest

from members import a_member
from pdu_resources.rules.organisation import Standing, is_part_of_itself, root
from pdu_shared.identity import organisation_id
from resources.organisations import Registry, a_name, stands_for, told_about
from told_history import importer

A, B, C, D = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
def registry(resources_http, token):
    return Registry(resources_http, token("coordinator"))


def pointers(answer):
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("standing", "circle"),
    [
        ({A: Standing()}, False),
        ({A: Standing(B), B: Standing(C), C: Standing()}, False),
        ({A: Standing(B), B: Standing(A)}, True),
        ({A: Standing(B), B: Standing(C), C: Standing(A)}, True),
        ({A: Standing(B), B: Standing(C), C: Standing(B)}, False),  # a circle, but of others
        ({A: Standing(B), B: Standing(merged_into=A)}, True),
        ({A: Standing(C), C: Standing(B), B: Standing(merged_into=A)}, True),
        ({A: Standing(B), B: Standing(merged_into=C), C: Standing()}, False),
    ],
)
def test_nobody_is_a_part_of_itself_by_whatever_way(standing, circle):
    assert is_part_of_itself(standing, A) is circle


def test_the_last_of_those_merged_into_one_another_stands_for_all():
    standing = {A: Standing(merged_into=B), B: Standing(merged_into=C), C: Standing()}
    assert [root(standing, one) for one in (A, B, C)] == [C, C, C]


async def test_an_organisation_is_registered_and_told_with_its_names(registry, resources_database):
    name, short = a_name(), a_name("Short")
    parent = await registry.add()
    said = {"sector": "voluntary", "area": "nottingham_city", "parent_id": parent}
    added = await registry.add(name, **said, also_known_as=[short])
    assert added == str(organisation_id(name))
    [(kind, told)] = await told_about(resources_database, added)
    assert kind == "OrganisationRegistered"
    assert told == {"organisation_id": added, "canonical_name": name, **said}
    assert await stands_for(resources_database, organisation_id(short)) == added
    record = (await registry.read(added)).json()
    assert {one["name"] for one in record["names"]} == {name, short}
    assert (await registry.read(parent)).json()["parts"] == [added]


async def test_a_name_belongs_to_one_organisation_however_it_is_written(registry):
    name, short = a_name(), a_name("Short")
    added = await registry.add(name, also_known_as=[short])
    other = await registry.add()
    for taken in (name.upper(), f"  {name.replace(' ', '   ')} ", short.lower()):
        assert (await registry.try_to_add(taken)).status_code == 409
        assert (await registry.match(other, taken)).status_code == 409
        assert (await registry.edit(other, name=taken.strip())).status_code == 409
        assert (await registry.match(added, taken)).status_code == 200
    assert len((await registry.read(added)).json()["names"]) == 2


async def test_ten_registrations_of_one_name_at_once_make_one(registry):
    name = a_name()
    answers = await asyncio.gather(*(registry.try_to_add(name) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201] + [409] * 5


async def test_an_organisation_with_a_new_name_keeps_its_id_and_its_old_name(
    registry, resources_database
):
    old, new = a_name("Old"), a_name("New")
    added = await registry.add(old)
    record = (await registry.edit(added, name=new, sector="statutory")).json()
    assert (record["name"], record["sector"]) == (new, "statutory")
    assert {one["name"] for one in record["names"]} == {old, new}
    assert await stands_for(resources_database, organisation_id(new)) == added
    kind, told = (await told_about(resources_database, added))[-1]
    assert (kind, told["canonical_name"]) == ("OrganisationChanged", new)
    for name in (old, new):
        assert (await registry.part(added, name)).status_code == 409


async def test_what_is_not_named_stays_and_null_takes_away(registry, resources_database):
    added = await registry.add(sector="private", website="https://housing.example.org")
    record = (await registry.edit(added, website=None)).json()
    assert (record["sector"], record["website"]) == ("private", None)
    told = len(await told_about(resources_database, added))
    assert (await registry.edit(added, sector="private")).status_code == 200
    assert len(await told_about(resources_database, added)) == told


async def test_nobody_overwrites_what_they_have_not_seen(registry):
    added = await registry.add()
    etag = (await registry.read(added)).headers["ETag"]
    path = f"/organisations/{added}"
    answers = await asyncio.gather(
        *(
            registry.ask("PATCH", path, {"sector": sector}, **{"If-Match": etag})
            for sector in ("private", "statutory")
        )
    )
    assert sorted(one.status_code for one in answers) == [200, 412]
    assert (await registry.ask("PATCH", path, {})).status_code == 428


async def test_parents_close_no_circle_also_at_once(registry):
    one, two, three = [await registry.add() for _ in range(3)]
    assert pointers(await registry.edit(one, parent_id=one)) == [("/parent_id", "circle")]
    await registry.edit(two, parent_id=one)
    await registry.edit(three, parent_id=two)
    assert pointers(await registry.edit(one, parent_id=three)) == [("/parent_id", "circle")]
    four, five = [await registry.add() for _ in range(2)]
    answers = await asyncio.gather(
        registry.edit(four, parent_id=five), registry.edit(five, parent_id=four)
    )
    assert sorted(one.status_code for one in answers) == [200, 422]


async def test_two_records_become_one_organisation_and_two_again(registry, resources_database):
    short = a_name("Short")
    kept, merged = await registry.add(), await registry.add(also_known_as=[short])
    for _ in range(2):
        answer = await registry.merge(merged, kept)
        assert answer.json() == {"kept_id": kept, "merged_id": merged}
    ids = (merged, organisation_id(short))
    assert [await stands_for(resources_database, one) for one in ids] == [kept, kept]
    assert (await registry.read(kept)).json()["merged"] == [merged]
    for _ in range(2):
        assert (await registry.unmerge(merged)).status_code == 204
    assert [await stands_for(resources_database, one) for one in ids] == [merged, merged]
    names = [name for name, _ in await told_about(resources_database, merged)]
    assert names == ["OrganisationRegistered", "OrganisationMerged", "OrganisationUnmerged"]


async def test_the_last_word_about_an_id_is_enough(registry, resources_database):
    one, two, three = [await registry.add() for _ in range(3)]
    await registry.merge(one, two)
    await registry.merge(two, three)
    everybody = (one, two, three)
    assert [await stands_for(resources_database, some) for some in everybody] == [three] * 3
    await registry.unmerge(two)
    assert [await stands_for(resources_database, some) for some in everybody] == [two, two, three]


async def test_an_organisation_is_merged_into_no_part_of_itself(registry):
    one, two, three = [await registry.add() for _ in range(3)]
    assert pointers(await registry.merge(one, one)) == [("/kept_id", "same")]
    assert pointers(await registry.merge(one, str(uuid4()))) == [
        ("/kept_id", "unknown-organisation")
    ]
    assert (await registry.merge(str(uuid4()), one)).status_code == 404
    await registry.edit(two, parent_id=one)
    assert (await registry.merge(one, two)).status_code == 409
    await registry.merge(three, one)
    assert (await registry.merge(three, two)).status_code == 409
    assert (await registry.merge(two, three)).status_code == 409
    assert (await registry.edit(three, sector="private")).status_code == 409


async def test_what_members_typed_waits_until_it_is_matched_or_set_aside(
    registry, resources_http, resources_database, token
):
    name = a_name("Zebra Crossing Friends")
    organisation = await registry.add(name)
    typed, nothing = f"{name} CIC", a_name("none")
    for written in (typed, typed.upper(), nothing):
        await a_member(resources_http, token, organisation=written)

    async def waiting():
        queue = (await registry.ask("GET", "/organisation-names/unmatched")).json()["items"]
        return {one["name_id"]: one for one in queue}

    found = (await waiting())[str(organisation_id(typed))]
    assert found["members"] == 2
    assert found["similar"][0]["organisation_id"] == organisation
    await registry.match(organisation, typed)
    await registry.ask("PUT", f"/organisation-names/{organisation_id(nothing)}/set-aside")
    assert not (await waiting()).keys() & {
        str(organisation_id(typed)),
        str(organisation_id(nothing)),
    }
    assert (await registry.read(organisation)).json()["members"] == 2
    assert await stands_for(resources_database, organisation_id(typed)) == organisation
    for _ in range(2):
        assert (await registry.part(organisation, typed)).status_code == 204
    assert str(organisation_id(typed)) in await waiting()
    assert await stands_for(resources_database, organisation_id(typed)) != organisation


async def test_everybody_finds_organisations_by_a_part_of_a_name_but_not_their_other_names(
    registry, resources_http
):
    mark = uuid4().hex[:12]
    names = [f"{word} {mark}" for word in ("Ash", "Beech", "Cedar")]
    added = [await registry.add(name) for name in names]
    hidden = await registry.add(also_known_as=[f"Elm {mark}"])
    found, after = [], None
    while True:
        asked = {"text": mark.upper(), "limit": 2} | ({"after": after} if after else {})
        page = (await resources_http.get("/organisations", params=asked)).json()
        found += page["items"]
        if not (after := page["next"]):
            break
    assert {one["organisation_id"] for one in found} == {*added, hidden}
    assert "Elm" not in str(found)


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"sector": "charity"}, "/sector"),
        ({"area": "mars"}, "/area"),
        ({"parent_id": str(uuid4())}, "/parent_id"),
        ({"website": "javascript:alert(1)"}, "/website"),
        ({"name": "Ring 07700 900123"}, "/name"),
        ({"name": "A\nB"}, "/name"),
        ({"also_known_as": [""]}, "/also_known_as/0"),
        ({"merged_into": str(uuid4())}, "/merged_into"),
    ],
)
async def test_what_is_not_valid_is_refused_where_it_stands(registry, said, pointer):
    answer = await registry.ask(
        "POST", "/organisations", {"name": a_name(), **said}, **{"Idempotency-Key": uuid4().hex}
    )
    assert [found for found, _ in pointers(answer)] == [pointer]


async def test_a_file_that_was_taken_away_can_be_sent_back_in(
    registry, resources_http, resources_database, token
):
    mark = uuid4().hex[:12]
    parent, child = f"Parent {mark}", f"Child {mark}"
    rows = [
        {"name": parent, "sector": "statutory"},
        {"name": child, "parent": parent, "also_known_as": f"Kid {mark}; Kiddie {mark}"},
        {"name": f"Orphan {mark}", "parent": f"Nobody {mark}"},
        {"name": f"Wrong {mark}", "sector": "charity"},
    ]
    rows = [{"sector": "", "area": "", "parent": "", "website": "", "also_known_as": "", **row}
            for row in rows]  # fmt: skip
    take = importer(resources_http, token("integration", scope=["import"]))
    changed, problems = await take("organisations", *rows)
    assert changed == 2
    assert [(one["line"], one["pointer"]) for one in problems] == [(3, "/parent"), (4, "/sector")]
    assert await stands_for(resources_database, organisation_id(f"Kid {mark}")) == str(
        organisation_id(child)
    )
    file = await registry.ask("GET", "/organisations-file")
    lines = [
        line
        for line in csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
        if mark in line["name"]
    ]
    assert {line["name"]: line["parent"] for line in lines} == {parent: "", child: parent}
    lines.sort(key=lambda line: line["name"] == child)
    assert await take("organisations", *lines) == (0, [])
    assert (await take("organisations", {**lines[0], "parent": child}))[0] == 0
    assert (await take("organisations", {**lines[0], "sector": "private"})) == (1, [])


@pytest.mark.parametrize("role", ["member", "evaluator", "organisation_lead"])
async def test_nobody_else_keeps_the_registry(resources_http, token, role):
    stranger = Registry(resources_http, token(role))
    assert (await stranger.try_to_add(a_name())).status_code == 403
    assert (await stranger.merge(str(uuid4()), str(uuid4()))).status_code == 403
