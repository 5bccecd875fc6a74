"""Codes by letter: who reads the mail of an address shows it, and nobody guesses."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

import a
from pdu_resources.rules.code import (
    LIMITS,
    MOST_TRIES,
    VALID_FOR,
    Kept,
    Verdict,
    verdict,
    wait_before_another,
)
from signing_up import a_code, ask_for_code, sign_up, typed

NOW = datetime(2027, 1, 14, 13, 0, tzinfo=UTC)


def kept(*, expires_in=VALID_FOR, used=False):
    return Kept(digits="048291", expires_at=NOW + expires_in, used=used)


def minutes_ago(*minutes):
    return [NOW - timedelta(minutes=one) for one in minutes]


@pytest.mark.parametrize(
    ("code", "typed", "number", "said"),
    [
        (kept(), "048291", 1, Verdict.RIGHT),
        (kept(), " 048 291", MOST_TRIES, Verdict.RIGHT),
        (kept(), "048-291", 1, Verdict.RIGHT),
        (kept(), "048292", 1, Verdict.WRONG),
        (kept(), "0482911", 1, Verdict.WRONG),
        (kept(), "048291", MOST_TRIES + 1, Verdict.GUESSED),
        (kept(used=True), "048291", 1, Verdict.USED),
        (kept(used=True), "048292", 1, Verdict.WRONG),
        (kept(expires_in=timedelta()), "048291", 1, Verdict.EXPIRED),
        (None, "048291", 0, Verdict.EXPIRED),
    ],
)
def test_a_code_is_right_once_in_time_and_within_five_tries(code, typed, number, said):
    assert verdict(code, typed, number=number, now=NOW) is said


@pytest.mark.parametrize(
    ("asked_at", "wait"),
    [
        ([], None),
        (minutes_ago(1, 2, 3, 4), None),
        (minutes_ago(1, 2, 3, 4, 50), timedelta(minutes=10)),
        (minutes_ago(1, 2, 3, 4, 60), None),
        (minutes_ago(*range(61, 61 + LIMITS[1][0])), timedelta(minutes=1440 - 80)),
    ],
)
def test_an_address_is_sent_five_codes_an_hour_and_twenty_a_day(asked_at, wait):
    assert wait_before_another(asked_at, now=NOW) == wait


async def register(http, form, *, key=None):
    profile = {name: value for name, value in a.person().items() if name != "email"}
    return await http.post("/members", json={**profile, **form}, headers=key or a.key())


def reason(answer):
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["pointer"] == "/code"
    return error["code"]


async def test_known_and_unknown_addresses_are_answered_alike(resources_http):
    person = a.person()
    first = await ask_for_code(resources_http, person["email"])
    await sign_up(resources_http, person)
    second = await ask_for_code(resources_http, person["email"])
    assert first.status_code == second.status_code == 201
    assert first.json().keys() == second.json().keys() == {"code_id", "expires_at"}


async def test_the_table_of_codes_holds_no_digits(resources_http, resources_database):
    email = a.person()["email"]
    code = await a_code(resources_http, email)
    row = await resources_database.pool.fetchrow(
        "SELECT mailed_code::text AS said FROM mailed_code WHERE address = $1", email
    )
    assert code["code"] not in row["said"].replace(code["code_id"], "")


async def test_a_code_is_used_once(resources_http):
    code = await a_code(resources_http, a.person()["email"])
    assert (await register(resources_http, code)).status_code == 201
    assert reason(await register(resources_http, code)) == "used-code"


async def test_a_wrong_code_opens_nothing_and_five_of_them_close_it(
    resources_http, resources_database
):
    email = a.person()["email"]
    code = await a_code(resources_http, email)
    wrong = {**code, "code": f"{(int(code['code']) + 1) % 10**6:06}"}
    answers = await asyncio.gather(*(register(resources_http, wrong) for _ in range(MOST_TRIES)))
    assert {reason(one) for one in answers} == {"wrong-code"}
    assert reason(await register(resources_http, code)) == "too-many-tries"
    found = await resources_database.pool.fetch("SELECT FROM member WHERE address = $1", email)
    assert found == []


async def test_guesses_at_one_code_leave_another_of_the_same_address_good(resources_http):
    email = a.person()["email"]
    guessed, own = [await a_code(resources_http, email) for _ in range(2)]
    for _ in range(MOST_TRIES + 1):
        await register(resources_http, {**guessed, "code": "000000"})
    assert (await register(resources_http, own)).status_code == 201


async def test_a_code_belongs_to_the_request_that_asked_for_it(resources_http):
    email = a.person()["email"]
    one, other = [await a_code(resources_http, email) for _ in range(2)]
    crossed = {"code_id": one["code_id"], "code": other["code"]}
    assert one["code"] == other["code"] or reason(await register(resources_http, crossed))
    assert reason(await register(resources_http, typed(str(uuid4())))) == "expired-code"


async def test_a_code_runs_out(resources_http):
    code = await a_code(resources_http, a.person()["email"])
    with time_machine.travel(datetime.now(UTC) + VALID_FOR, tick=True):
        assert reason(await register(resources_http, code)) == "expired-code"


async def test_a_word_of_no_list_leaves_the_code_good(resources_http):
    code = await a_code(resources_http, a.person()["email"])
    answer = await register(resources_http, {**code, "sector": "nonsense"})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/sector"]
    assert (await register(resources_http, code)).status_code == 201


async def test_an_address_that_was_sent_enough_is_sent_no_more_whoever_asks(resources_http):
    email = a.person()["email"]
    answers = await asyncio.gather(*(ask_for_code(resources_http, email) for _ in range(9)))
    assert sorted(one.status_code for one in answers) == [201] * 5 + [429] * 4
    late = await ask_for_code(resources_http, f" {email.upper()} ")
    assert late.status_code == 429
    assert 3000 < int(late.headers["retry-after"]) <= 3600


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ana",
        "ana@example.org, ben@example.org",
        "ana@example.org;ben@example.org",
        "Ana <ana@example.org>",
        "ana@example.org\nBcc: ben@example.org",
        f"{'a' * 250}@example.org",
        5,
        None,
    ],
)
async def test_what_is_not_one_address_is_refused_and_not_repeated(resources_http, email):
    answer = await ask_for_code(resources_http, email)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/email"]
    assert not isinstance(email, str) or not email or email not in answer.text
