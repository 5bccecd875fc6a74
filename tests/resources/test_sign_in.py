"""Signing in: a code by letter, for staff one of their app, and tokens for whoever showed them."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

import a
import signing_in
from pdu_shared.tokens import Keys

APP, SET_UP, DONE = "app", "set_up", "done"


@pytest.fixture(scope="module")
async def kiosk(resources_http, resources_database, token):
    return await signing_in.front_end(resources_http, resources_database, token)


@pytest.fixture
async def email(resources_http):
    return await signing_in.member(resources_http)


def caller_of(house, tokens, service="bookings"):
    keys = Keys(house.secrets.jwks_file, audience=f"pdu-{service}")
    return keys.verify(tokens["access_token"], datetime.now(UTC))


def bearer(tokens):
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def refused(answer, error):
    assert answer.status_code == 400, answer.text
    assert (answer.json()["type"], answer.json()["error"]) == ("/problems/oauth", error)
    assert "access_token" not in answer.text


def fault(answer):
    assert answer.status_code == 422, answer.text
    return answer.json()["errors"][0]["code"]


async def with_letter(kiosk, email):
    """A sign-in that waits for the app."""
    verifier, challenge = signing_in.pkce()
    handle = (await kiosk.begin(email, challenge)).json()["handle"]
    answer = await kiosk.step(handle, await signing_in.letter(kiosk.database, email))
    assert answer.json()["state"] == APP, answer.text
    return handle, verifier


async def test_a_member_signs_in_and_every_service_knows_them(house, kiosk, email):
    tokens = await kiosk.signed_in(email)
    for service in ("bookings", "resources", "notifications", "reporting"):
        caller = caller_of(house, tokens, service)
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
    assert fault(await kiosk.step(handle, "000000")) == "wrong-code"
    answer = await kiosk.step(handle, await signing_in.letter(kiosk.database, stranger))
    assert answer.json()["state"] == "no_account"


async def test_a_code_is_guessed_at_five_times_and_no_more(kiosk, email):
    handle = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    right = await signing_in.letter(kiosk.database, email)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    told = [fault(await kiosk.step(handle, wrong)) for _ in range(6)]
    assert told[0] == "wrong-code"
    assert fault(await kiosk.step(handle, right)) == "too-many-tries"


async def test_a_mailed_code_signs_in_once(kiosk, email):
    handle = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    code = await signing_in.letter(kiosk.database, email)
    answers = await asyncio.gather(*(kiosk.step(handle, code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]


async def test_a_mailed_code_is_of_no_use_to_another_request(kiosk, email):
    await kiosk.begin(email, signing_in.pkce()[1])
    first = await signing_in.letter(kiosk.database, email)
    another = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    assert fault(await kiosk.step(another, first)) == "wrong-code"
    assert fault(await kiosk.step("x" * 43, first)) == "begin-again"


async def test_a_sign_in_that_took_too_long_begins_again(kiosk, email):
    handle = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    code = await signing_in.letter(kiosk.database, email)
    await kiosk.database.pool.execute(
        "UPDATE sign_in SET expires_at = now() WHERE client_id = $1", kiosk.client_id
    )
    assert fault(await kiosk.step(handle, code)) == "begin-again"


async def test_an_authorization_code_used_twice_ends_what_came_of_it(kiosk, email):
    verifier, challenge = signing_in.pkce()
    code = await kiosk.code_for(email, challenge)
    tokens = (await kiosk.exchange(code, verifier)).json()
    refused(await kiosk.exchange(code, verifier), "invalid_grant")
    refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")


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
    refused(await kiosk.token(**{**form, **said}), error)
    assert (await kiosk.token(**form)).status_code == 200


async def test_a_code_of_another_client_is_refused(
    kiosk, email, resources_http, resources_database, token
):
    other = await signing_in.front_end(resources_http, resources_database, token)
    verifier, challenge = signing_in.pkce()
    refused(await other.exchange(await kiosk.code_for(email, challenge), verifier), "invalid_grant")
    tokens = await kiosk.signed_in(email)
    refused(await other.refresh(tokens["refresh_token"]), "invalid_grant")


async def test_a_code_that_is_a_minute_old_is_good_no_more(kiosk, email):
    verifier, challenge = signing_in.pkce()
    code = await kiosk.code_for(email, challenge)
    await kiosk.database.pool.execute("UPDATE authorization_code SET expires_at = now()")
    refused(await kiosk.exchange(code, verifier), "invalid_grant")


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


async def test_a_refresh_token_is_good_once_and_a_thief_ends_it_for_both(kiosk, email):
    first = (await kiosk.signed_in(email))["refresh_token"]
    second = (await kiosk.refresh(first)).json()["refresh_token"]
    third = (await kiosk.refresh(second)).json()["refresh_token"]
    refused(await kiosk.refresh(first), "invalid_grant")
    refused(await kiosk.refresh(third), "invalid_grant")


async def test_somebody_stays_signed_in_for_a_while_and_no_longer(kiosk, email):
    tokens = await kiosk.signed_in(email)
    await kiosk.database.pool.execute(
        "UPDATE refresh_token SET expires_at = now() WHERE signed_in_id IN "
        "(SELECT signed_in_id FROM signed_in WHERE person_id = $1)",
        signing_in.person_of(email),
    )
    refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")


async def test_signing_out_ends_the_family_and_says_nothing(kiosk, email):
    tokens = await kiosk.signed_in(email)
    for token in (tokens["refresh_token"], tokens["refresh_token"], "z" * 43):
        answer = await kiosk.http.post(
            "/revoke", data={"client_id": kiosk.client_id, "token": token}
        )
        assert (answer.status_code, answer.json()) == (200, {})
    refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")


async def test_people_see_where_they_are_signed_in_and_end_it(kiosk, email, token):
    here, there = await kiosk.signed_in(email), await kiosk.signed_in(email)
    places = (await kiosk.http.get("/me/signed-in", headers=bearer(here))).json()["items"]
    assert [(place["client"], place["second_factor"]) for place in places] == [
        ("Kiosk", False),
        ("Kiosk", False),
    ]
    mine = f"/me/signed-in/{places[0]['signed_in_id']}"
    assert (await kiosk.http.delete(mine, headers=token("member"))).status_code == 404
    assert (await kiosk.http.delete(mine, headers=bearer(here))).status_code == 204
    left = (await kiosk.http.get("/me/signed-in", headers=bearer(here))).json()["items"]
    assert len(left) == 1
    assert (await kiosk.http.delete("/me/signed-in", headers=bearer(here))).status_code == 204
    for tokens in (here, there):
        refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")


async def test_a_role_comes_with_the_next_refresh_and_going_signs_out(kiosk, email, house, token):
    tokens = await kiosk.signed_in(email)
    await signing_in.give(kiosk.http, token, email, "cop_convenor")
    tokens = (await kiosk.refresh(tokens["refresh_token"])).json()
    assert caller_of(house, tokens).roles == {"member", "cop_convenor"}
    path = f"/persons/{signing_in.person_of(email)}/roles/cop_convenor"
    for _ in range(2):
        taken = await kiosk.http.delete(path, headers=token("administrator"))
        assert taken.status_code == 204
    refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")
    assert caller_of(house, await kiosk.signed_in(email)).roles == {"member"}


async def test_a_role_ends_by_itself_on_its_day(kiosk, email, house, token):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await signing_in.give(kiosk.http, token, email, "manager", ends_at=tomorrow.isoformat())
    assert "manager" in caller_of(house, await kiosk.signed_in(email)).roles
    await kiosk.database.pool.execute(
        "UPDATE role_grant SET given_at = given_at - interval '2 days', "
        "ends_at = ends_at - interval '2 days' WHERE person_id = $1",
        signing_in.person_of(email),
    )
    assert caller_of(house, await kiosk.signed_in(email)).roles == {"member"}


async def test_who_gave_and_took_a_role_is_never_forgotten(kiosk, email, token):
    person = signing_in.person_of(email)
    path = f"/persons/{person}/roles/steering_group"
    chair = uuid4()
    as_chair = token("administrator", sub=chair)
    await kiosk.http.put(path, json={}, headers=as_chair)
    await kiosk.http.delete(path, headers=as_chair)
    await kiosk.http.put(path, json={}, headers=as_chair)
    lead = token("data_protection_lead")
    grants = (await kiosk.http.get(f"/persons/{person}/roles", headers=lead)).json()["items"]
    assert [(one["role"], one["taken_by"]) for one in grants] == [
        ("steering_group", None),
        ("steering_group", str(chair)),
    ]
    assert {one["given_by"] for one in grants} == {str(chair)}
    holders = (await kiosk.http.get("/roles?role=steering_group", headers=lead)).json()["items"]
    assert str(person) in {one["person_id"] for one in holders}


async def test_a_role_is_for_a_member_and_one_that_can_be_given(kiosk, email, token):
    nobody = f"nobody-{uuid4().hex}@example.org"
    assert (await signing_in.give(kiosk.http, token, nobody, "manager")).status_code == 404
    assert (await signing_in.give(kiosk.http, token, email, "integration")).status_code == 404
    past = {"ends_at": "2020-01-01T00:00:00Z"}
    assert fault(await signing_in.give(kiosk.http, token, email, "manager", **past))


async def test_staff_show_a_second_factor_before_they_are_staff(
    kiosk, house, resources_http, token
):
    email, secret = await signing_in.staff(resources_http, token, kiosk)
    handle, verifier = await with_letter(kiosk, email)
    done = await kiosk.step(handle, signing_in.app_shows(secret, steps=1))
    tokens = (await kiosk.exchange(done.json()["code"], verifier)).json()
    assert caller_of(house, tokens).roles == {"member", "coordinator"}
    assert signing_in.claims(tokens["access_token"])["amr"] == ["email", "otp", "mfa"]


async def test_a_code_of_the_app_is_good_once(kiosk, resources_http, token):
    email, secret = await signing_in.staff(resources_http, token, kiosk)
    code = signing_in.app_shows(secret, steps=1)
    handle, _ = await with_letter(kiosk, email)
    assert (await kiosk.step(handle, code)).json()["state"] == DONE
    again, _ = await with_letter(kiosk, email)
    assert fault(await kiosk.step(again, code)) == "wrong-code"
    assert fault(await kiosk.step(again, signing_in.app_shows(secret, steps=-20))) == "wrong-code"


async def test_codes_of_an_app_cannot_be_guessed(kiosk, resources_http, token):
    email, secret = await signing_in.staff(resources_http, token, kiosk)
    wrong = f"{(int(signing_in.app_shows(secret)) + 7) % 10**6:06}"
    handle, _ = await with_letter(kiosk, email)
    told = [fault(await kiosk.step(handle, wrong)) for _ in range(6)]
    assert told == ["wrong-code"] * 5 + ["begin-again"]
    handle, _ = await with_letter(kiosk, email)
    for _ in range(5):
        await kiosk.step(handle, wrong)
    handle, _ = await with_letter(kiosk, email)
    locked = await kiosk.step(handle, signing_in.app_shows(secret, steps=1))
    assert locked.status_code == 429, locked.text
    assert int(locked.headers["retry-after"]) > 3000


async def test_somebody_made_staff_signs_in_anew(kiosk, email, token):
    tokens = await kiosk.signed_in(email)
    await signing_in.give(kiosk.http, token, email, "evaluator")
    refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")


async def test_a_second_factor_is_set_up_within_a_week_or_asked_for_again(kiosk, email, token):
    await signing_in.give(kiosk.http, token, email, "operator")
    await kiosk.database.pool.execute(
        "UPDATE second_factor SET may_set_up_until = now() WHERE person_id = $1",
        signing_in.person_of(email),
    )
    handle = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    late = await kiosk.step(handle, await signing_in.letter(kiosk.database, email))
    assert fault(late) == "too-late-to-set-up"
    path = f"/persons/{signing_in.person_of(email)}/second-factor"
    reset = await kiosk.http.delete(path, headers=token("administrator"))
    assert reset.status_code == 204
    handle = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    waits = await kiosk.step(handle, await signing_in.letter(kiosk.database, email))
    assert waits.json()["state"] == SET_UP


async def test_the_secret_of_an_app_lies_sealed(kiosk, resources_http, resources_database, token):
    email, secret = await signing_in.staff(resources_http, token, kiosk)
    kept = await resources_database.pool.fetchval(
        "SELECT secret FROM second_factor WHERE person_id = $1", signing_in.person_of(email)
    )
    assert secret.encode() not in kept


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


async def test_a_machine_signs_in_with_its_secret_and_stands_for_nobody(
    resources_http, resources_database, token, house
):
    robot = await signing_in.front_end(
        resources_http, resources_database, token, confidential=True, scopes=["import"]
    )
    answer = await robot.token(grant_type="client_credentials", scope="import openid")
    caller = caller_of(house, answer.json())
    assert (caller.sub, caller.roles, caller.scope) == (None, {"integration"}, {"import"})
    assert "refresh_token" not in answer.json()
    for wrong in ("", "x" * 43, None):
        refused(
            await robot.token(grant_type="client_credentials", client_secret=wrong),
            "invalid_client",
        )


async def test_a_secret_changes_without_a_gap(resources_http, resources_database, token):
    robot = await signing_in.front_end(resources_http, resources_database, token, confidential=True)
    administrator = token("administrator")
    path = f"/clients/{robot.client_id}/secrets"
    second = (await resources_http.post(path, headers=administrator)).json()["client_secret"]
    assert (await resources_http.post(path, headers=administrator)).status_code == 409
    for secret in (robot.client_secret, second):
        assert (
            await robot.token(grant_type="client_credentials", client_secret=secret)
        ).status_code == 200
    assert (await resources_http.delete(path, headers=administrator)).status_code == 204
    refused(await robot.token(grant_type="client_credentials"), "invalid_client")
    newest = await robot.token(grant_type="client_credentials", client_secret=second)
    assert newest.status_code == 200


async def test_a_disabled_client_lets_nobody_in(resources_http, resources_database, token, email):
    shut = await signing_in.front_end(resources_http, resources_database, token)
    tokens = await shut.signed_in(email)
    path = f"/clients/{shut.client_id}"
    assert (await resources_http.delete(path, headers=token("administrator"))).status_code == 204
    refused(await shut.refresh(tokens["refresh_token"]), "invalid_client")
    assert (await shut.begin(email, signing_in.pkce()[1])).status_code == 422
    listed = (await resources_http.get("/clients", headers=token("administrator"))).json()
    assert next(one for one in listed["items"] if one["client_id"] == shut.client_id)["disabled_at"]


@pytest.mark.parametrize(
    "uri",
    [
        "http://kiosk.example.org/signed-in",
        "https://kiosk.example.org/#fragment",
        "https://somebody@kiosk.example.org/",
        "https:///nowhere",
        "javascript:alert(1)",
        "//kiosk.example.org/",
        "*",
    ],
)
async def test_people_are_not_sent_back_to_just_anywhere(resources_http, token, uri):
    form = {"name": "Kiosk", "redirect_uris": [uri]}
    answer = await resources_http.put(
        "/clients/kiosk-nowhere", json=form, headers=token("administrator")
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("uri", ["http://127.0.0.1:8080/back", "org.example.kiosk:/back"])
async def test_apps_and_this_machine_are_addresses_too(resources_http, token, uri):
    form = {"name": "App", "redirect_uris": [uri]}
    path = f"/clients/app-{uuid4().hex[:8]}"
    answer = await resources_http.put(path, json=form, headers=token("administrator"))
    assert answer.status_code == 204


async def test_discovery_names_what_there_is(resources_http):
    told = (await resources_http.get("/.well-known/openid-configuration")).json()
    assert told["issuer"] == "urn:pdu:issuer"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["jwks_uri"].endswith("/.well-known/jwks.json")
    keys = (await resources_http.get("/.well-known/jwks.json")).json()["keys"]
    assert len(keys) == 2
    assert all("d" not in key for key in keys)


async def test_the_portal_is_known_from_the_start(resources_http, token):
    listed = (await resources_http.get("/clients", headers=token("administrator"))).json()
    portal = next(one for one in listed["items"] if one["client_id"] == "portal")
    assert portal["redirect_uris"] == ["http://127.0.0.1:8000/signed-in"]


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
