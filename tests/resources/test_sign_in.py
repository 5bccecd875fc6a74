"""Signing in: a code by letter, and tokens for whoever showed it."""

import asyncio
from uuid import uuid4

import pytest

import a
import signing_in


async def test_a_member_signs_in_and_every_service_knows_them(house, kiosk, email):
    tokens = await kiosk.signed_in(email)
    for service in ("bookings", "resources", "notifications", "reporting"):
        caller = signing_in.caller_of(house, tokens, service)
        assert caller.sub == signing_in.person_of(email)
        assert caller.roles == {"member"}
        assert caller.client_id == kiosk.client_id
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    assert signing_in.claims(tokens["access_token"])["amr"] == ["email"]


async def test_an_id_token_tells_the_front_end_who_came_for_which_request(kiosk, email):
    tokens = await kiosk.signed_in(email, nonce="n-0S6")
    told = signing_in.claims(tokens["id_token"])
    assert (told["aud"], told["nonce"]) == (kiosk.client_id, "n-0S6")
    assert (told["sub"], told["email"]) == (str(signing_in.person_of(email)), email)
    assert told["email_verified"] is True
    without = await kiosk.signed_in(email, scope="import")
    assert "id_token" not in without


async def test_known_and_unknown_addresses_get_the_same_answer(kiosk, email):
    answers = [
        await kiosk.begin(address, signing_in.pkce()[1])
        for address in (email, f"nobody-{uuid4().hex}@example.org")
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json().keys() == answers[1].json().keys()


async def test_whoever_has_no_account_learns_so_only_after_the_code(kiosk):
    stranger = f"stranger-{uuid4().hex}@example.org"
    handle = (await kiosk.begin(stranger, signing_in.pkce()[1])).json()["handle"]
    assert signing_in.fault(await kiosk.step(handle, "000000")) == "wrong-code"
    answer = await kiosk.step(handle, await signing_in.letter(kiosk.database, stranger))
    assert answer.json()["state"] == "no_account"


async def test_a_code_is_guessed_at_five_times_and_no_more(kiosk, email):
    handle = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    right = await signing_in.letter(kiosk.database, email)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    told = [signing_in.fault(await kiosk.step(handle, wrong)) for _ in range(6)]
    assert told[0] == "wrong-code"
    assert signing_in.fault(await kiosk.step(handle, right)) == "too-many-tries"


async def test_a_mailed_code_signs_in_once(kiosk, email):
    handle = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    code = await signing_in.letter(kiosk.database, email)
    answers = await asyncio.gather(*(kiosk.step(handle, code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]


async def test_a_mailed_code_is_of_no_use_to_another_request(kiosk, email):
    await kiosk.begin(email, signing_in.pkce()[1])
    first = await signing_in.letter(kiosk.database, email)
    another = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    assert signing_in.fault(await kiosk.step(another, first)) == "wrong-code"
    assert signing_in.fault(await kiosk.step("x" * 43, first)) == "begin-again"


async def test_a_sign_in_that_took_too_long_begins_again(kiosk, email):
    handle = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    code = await signing_in.letter(kiosk.database, email)
    await kiosk.database.pool.execute(
        "UPDATE sign_in SET expires_at = now() WHERE client_id = $1", kiosk.client_id
    )
    assert signing_in.fault(await kiosk.step(handle, code)) == "begin-again"


async def test_an_authorization_code_used_twice_ends_what_came_of_it(kiosk, email):
    verifier, challenge = signing_in.pkce()
    code = await kiosk.code_for(email, challenge)
    tokens = (await kiosk.exchange(code, verifier)).json()
    signing_in.refused(await kiosk.exchange(code, verifier), "invalid_grant")
    signing_in.refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")


async def test_a_code_brought_twenty_times_at_once_gives_tokens_once(kiosk, email):
    verifier, challenge = signing_in.pkce()
    code = await kiosk.code_for(email, challenge)
    answers = await asyncio.gather(*(kiosk.exchange(code, verifier) for _ in range(20)))
    assert [answer.status_code for answer in answers].count(200) == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_grant"),
        ({"redirect_uri": "https://kiosk.example.org/signed-in"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"code": "y" * 43}, "invalid_grant"),
        ({"client_id": "nobody-at-all"}, "invalid_client"),
        ({"client_id": None}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "unauthorized_client"),
    ],
)
async def test_a_code_is_good_for_the_front_end_that_asked_and_nobody_else(
    kiosk, email, said, error
):
    verifier, challenge = signing_in.pkce()
    code = await kiosk.code_for(email, challenge)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": kiosk.redirect_uri,
    }
    signing_in.refused(await kiosk.token(**{**form, **said}), error)
    assert (await kiosk.token(**form)).status_code == 200


async def test_a_code_of_another_client_is_refused(
    kiosk, email, resources_http, resources_database, token
):
    other = await signing_in.front_end(resources_http, resources_database, token)
    verifier, challenge = signing_in.pkce()
    signing_in.refused(
        await other.exchange(await kiosk.code_for(email, challenge), verifier), "invalid_grant"
    )
    tokens = await kiosk.signed_in(email)
    signing_in.refused(await other.refresh(tokens["refresh_token"]), "invalid_grant")


async def test_a_code_that_is_a_minute_old_is_good_no_more(kiosk, email):
    verifier, challenge = signing_in.pkce()
    code = await kiosk.code_for(email, challenge)
    await kiosk.database.pool.execute("UPDATE authorization_code SET expires_at = now()")
    signing_in.refused(await kiosk.exchange(code, verifier), "invalid_grant")


@pytest.mark.parametrize(
    "said",
    [
        {"code_challenge_method": "plain"},
        {"code_challenge": "too-short"},
        {"redirect_uri": "https://evil.example.org/"},
        {"redirect_uri": signing_in.BACK + "&x=1"},
        {"client_id": "nobody-at-all"},
    ],
)
async def test_a_request_with_something_wrong_sends_no_code(kiosk, email, said):
    count = "SELECT count(*) FROM mailed_code"
    before = await kiosk.database.pool.fetchval(count)
    answer = await kiosk.begin(email, **{"challenge": signing_in.pkce()[1], **_named(said)})
    assert answer.status_code == 422, answer.text
    assert await kiosk.database.pool.fetchval(count) == before


def _named(said):
    return {("challenge" if name == "code_challenge" else name): said[name] for name in said}


async def test_no_secret_of_signing_in_lies_in_the_database(kiosk, email):
    tokens = await kiosk.signed_in(email)
    held = await kiosk.database.pool.fetchval(
        """
        SELECT string_agg(kept, ' ') FROM (
            SELECT refresh_token::text AS kept FROM refresh_token
             UNION ALL SELECT authorization_code::text FROM authorization_code
             UNION ALL SELECT sign_in::text FROM sign_in
             UNION ALL SELECT signed_in::text FROM signed_in
             UNION ALL SELECT idempotency::text FROM idempotency) AS everything
        """
    )
    for name in ("refresh_token", "access_token", "id_token"):
        assert tokens[name] not in held


async def test_a_member_of_the_past_has_no_account_until_they_register(kiosk, email):
    person = a.person()
    await kiosk.database.pool.execute(
        """
        INSERT INTO member (person_id, address, sector, work_field, role_level, area,
                            registered_at, registered_on)
        SELECT $1, address, sector, work_field, role_level, area, registered_at, registered_on
          FROM member WHERE person_id = $2
        """,
        signing_in.person_of(person["email"]),
        signing_in.person_of(email),
    )
    handle = (await kiosk.begin(person["email"], signing_in.pkce()[1])).json()["handle"]
    code = await signing_in.letter(kiosk.database, person["email"])
    assert (await kiosk.step(handle, code)).json()["state"] == "no_account"
