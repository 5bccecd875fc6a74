"""Registering members: once each, in the same words for everybody, and told without their name."""

import asyncio
from uuid import UUID, uuid4

import pytest
import time_machine

import a
from pdu_shared.contracts.message import SEALED_EXCHANGE
from pdu_shared.contracts.resources.member import ContactPointChanged
from pdu_shared.reading import read
from pdu_shared.sealing import Sealer
from signing_up import a_code, sign_up

PROFILE = {
    "sector": "voluntary",
    "work_field": "housing_homelessness",
    "role_level": "front_line",
    "area": "nottingham_city",
}


def somebody(**changes):
    return {"name": "Ana Example", "email": f"{uuid4()}@example.org", **PROFILE, **changes}


def named(member):
    """What is asked of somebody whose address is known from their code."""
    return {name: value for name, value in member.items() if name != "email"}


async def member_of(database, address):
    return await database.pool.fetchrow("SELECT * FROM member WHERE address = $1", address)


async def told_of(database, person_id):
    return await database.pool.fetch(
        "SELECT * FROM outbox WHERE subject = $1 ORDER BY position", f"person/{person_id}"
    )


async def test_somebody_registers_and_is_kept_with_their_profile(
    resources_http, resources_database
):
    asked = somebody(organisation="Example Housing")
    answer = await sign_up(resources_http, asked)
    assert (answer.status_code, answer.json()) == (201, {"state": "registered"})
    kept = await member_of(resources_database, asked["email"])
    assert kept["name"] == "Ana Example"
    assert kept["organisation"] == "Example Housing"
    assert {field: kept[field] for field in PROFILE} == PROFILE
    assert kept["person_id"].version == 8


async def test_a_new_member_is_told_of_without_name_or_address(resources_http, resources_database):
    asked = somebody()
    await sign_up(resources_http, asked)
    person_id = (await member_of(resources_database, asked["email"]))["person_id"]
    contact, registered = await told_of(resources_database, person_id)
    assert contact["routing_key"] == "resources.ContactPointChanged"
    assert contact["exchange"] == SEALED_EXCHANGE
    assert registered["routing_key"] == "resources.MemberRegistered"
    for told in (contact, registered):
        assert asked["email"] not in told["body"]
        assert "Ana" not in told["body"]


async def test_notifications_alone_can_open_how_to_reach_them(
    house, resources_http, resources_database
):
    asked = somebody(email=f" {uuid4()}@Example.ORG ")
    await sign_up(resources_http, asked)
    kept = await member_of(resources_database, asked["email"].strip().lower())
    sealed, _ = await told_of(resources_database, kept["person_id"])
    opened = {
        service: read(
            sealed["body"].encode(),
            sent_by="resources",
            sealer=Sealer(house.secrets.sealing_keys(service)),
        )
        for service in ("notifications", "bookings")
    }
    assert opened["notifications"].message == ContactPointChanged(
        person_id=kept["person_id"],
        channel="email",
        address=kept["address"],
        name="Ana Example",
        verified=True,
    )
    assert opened["bookings"].reason == "unsealable"


async def test_five_registrations_with_one_code_at_once_make_one_member(
    resources_http, resources_database
):
    asked = somebody()
    form = {**named(asked), **await a_code(resources_http, asked["email"])}

    async def ask():
        headers = {"Idempotency-Key": str(uuid4())}
        return await resources_http.post("/members", json=form, headers=headers)

    answers = await asyncio.gather(*(ask() for _ in range(5)))
    assert sorted(one.status_code for one in answers) == [201, 422, 422, 422, 422]
    kept = await member_of(resources_database, asked["email"])
    assert len(await told_of(resources_database, kept["person_id"])) == 2


@pytest.mark.parametrize(
    ("now", "day"), [("2027-03-31T23:30:00Z", "2027-04-01"), ("2027-01-31T23:30:00Z", "2027-01-31")]
)
async def test_the_day_of_registration_is_the_local_one(
    resources_http, resources_database, now, day
):
    asked = somebody()
    with time_machine.travel(now, tick=True):
        await sign_up(resources_http, asked)
    kept = await member_of(resources_database, asked["email"])
    assert str(kept["registered_on"]) == day
    *_, registered = await told_of(resources_database, kept["person_id"])
    assert f'"registered_on":"{day}"' in registered["body"]


async def test_who_registers_again_hears_the_same_and_nothing_changes(
    resources_http, resources_database
):
    asked = somebody()
    first = await sign_up(resources_http, asked)
    before = await member_of(resources_database, asked["email"])
    other = {**asked, "name": "Somebody Else", "sector": "private", "organisation": "Elsewhere"}
    again = await sign_up(resources_http, other)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert await member_of(resources_database, asked["email"]) == before
    assert len(await told_of(resources_database, before["person_id"])) == 2


async def test_another_spelling_of_an_address_is_the_same_member(
    resources_http, resources_database
):
    asked = somebody()
    await sign_up(resources_http, asked)
    known = await member_of(resources_database, asked["email"])
    shouted = {**asked, "email": f" {asked['email'].upper()} "}
    assert (await sign_up(resources_http, shouted)).status_code == 201
    assert len(await told_of(resources_database, known["person_id"])) == 2


async def test_a_repeated_request_gets_the_first_answer(resources_http, resources_database):
    asked, headers = somebody(), {"Idempotency-Key": str(uuid4())}
    form = {**named(asked), **await a_code(resources_http, asked["email"])}
    answers = [await resources_http.post("/members", json=form, headers=headers) for _ in range(7)]
    assert {(one.status_code, one.content) for one in answers} == {(201, b'{"state":"registered"}')}
    person_id = (await member_of(resources_database, asked["email"]))["person_id"]
    assert len(await told_of(resources_database, person_id)) == 2


async def test_a_key_that_named_another_request_is_refused(resources_http, resources_database):
    key, other = str(uuid4()), somebody()
    await sign_up(resources_http, somebody(), key=key)
    answer = await sign_up(resources_http, other, key=key)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/idempotency-mismatch"
    assert await member_of(resources_database, other["email"]) is None


async def test_an_erased_person_who_comes_back_is_somebody_new(resources_http, resources_database):
    asked = somebody()
    await sign_up(resources_http, asked)
    first: UUID = (await member_of(resources_database, asked["email"]))["person_id"]
    async with resources_database.pool.acquire() as conn:
        await conn.execute("DELETE FROM member WHERE person_id = $1", first)
        await conn.execute("INSERT INTO person_erased VALUES ($1, 1)", first)
    await sign_up(resources_http, asked)
    assert (await member_of(resources_database, asked["email"]))["person_id"] != first


@pytest.mark.parametrize("field", PROFILE)
async def test_a_word_of_no_list_is_refused_with_what_is_possible(
    resources_http, resources_database, field
):
    asked = somebody(**{field: "nonsense"})
    answer = await sign_up(resources_http, asked)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (f"/{field}", "unknown-code")
    assert PROFILE[field] in error["detail"]
    assert "unknown" in error["detail"]
    assert "nonsense" not in answer.text
    assert await member_of(resources_database, asked["email"]) is None


async def test_all_unknown_words_are_named_at_once(resources_http):
    answer = await sign_up(resources_http, somebody(sector="x", area="", work_field="Housing!"))
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/sector",
        "/area",
        "/work_field",
    }


@pytest.mark.parametrize("field", ["name", "code_id", "code", *PROFILE])
async def test_what_is_missing_is_named(resources_http, field):
    form = {**named(somebody()), "code_id": str(uuid4()), "code": "000000"}
    del form[field]
    answer = await resources_http.post("/members", json=form, headers=a.key())
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 201),
        ("name", "Ana\nBcc: ben@example.org"),
        ("name", "Ana\x1b[2J"),
        ("name", 5),
        ("name", None),
        ("name", ["Ana"]),
        ("sector", 5),
        ("sector", None),
        ("sector", "x" * 65),
        ("organisation", ""),
        ("organisation", "x" * 201),
        ("organisation", "A\r\nB"),
        ("code", "12345"),
        ("code", "12345a"),
        ("code", 123456),
        ("code_id", "no-such-id"),
        ("email", "ana@example.org"),
        ("person_id", "3c8f7a52-6f0b-4f0c-8a38-5d9e3c2b7a10"),
        ("verified", True),
    ],
)
async def test_what_is_not_valid_is_refused_where_it_stands_and_not_repeated(
    resources_http, field, value
):
    form = {**named(somebody()), "code_id": str(uuid4()), "code": "000000", field: value}
    answer = await resources_http.post("/members", json=form, headers=a.key())
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]
    if isinstance(value, str) and value.strip():
        assert value not in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"name":"a","name":"b"}', 400),
        (b'{"name":"\\u0000"}', 400),
        (b'{"name":"\\ud800"}', 422),
        (b'{"name":NaN}', 400),
        (b"[" * 30 + b"]" * 30, 400),
        (b'{"name":"' + b"a" * 70_000 + b'"}', 413),
    ],
)
async def test_a_body_that_is_no_registration_gets_a_clear_answer(resources_http, body, status):
    answer = await resources_http.post(
        "/members",
        content=body,
        headers={"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"},
    )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("key", [None, "", "x" * 256, "two words"])
async def test_a_registration_without_a_usable_key_is_refused(
    resources_http, resources_database, key
):
    asked = somebody()
    form = {**named(asked), **await a_code(resources_http, asked["email"])}
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = await resources_http.post("/members", json=form, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key")
    assert await member_of(resources_database, asked["email"]) is None


async def test_another_media_type_is_refused(resources_http):
    answer = await resources_http.post(
        "/members", data=somebody(), headers={"Idempotency-Key": str(uuid4())}
    )
    assert answer.status_code == 415


async def test_members_cannot_be_listed_or_deleted(resources_http):
    for method in ("GET", "PUT", "DELETE"):
        answer = await resources_http.request(method, "/members")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "POST"
