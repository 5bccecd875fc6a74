"""Staying signed in: refresh, where one is signed in, and the roles that come with it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import signing_in


async def test_a_refresh_token_is_good_once_and_a_thief_ends_it_for_both(kiosk, email):
    first = (await kiosk.signed_in(email))["refresh_token"]
    second = (await kiosk.refresh(first)).json()["refresh_token"]
    third = (await kiosk.refresh(second)).json()["refresh_token"]
    signing_in.refused(await kiosk.refresh(first), "invalid_grant")
    signing_in.refused(await kiosk.refresh(third), "invalid_grant")


async def test_somebody_stays_signed_in_for_a_while_and_no_longer(kiosk, email):
    tokens = await kiosk.signed_in(email)
    await kiosk.database.pool.execute(
        "UPDATE refresh_token SET expires_at = now() WHERE signed_in_id IN "
        "(SELECT signed_in_id FROM signed_in WHERE person_id = $1)",
        signing_in.person_of(email),
    )
    signing_in.refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")


async def test_signing_out_ends_the_family_and_says_nothing(kiosk, email):
    tokens = await kiosk.signed_in(email)
    for token in (tokens["refresh_token"], tokens["refresh_token"], "z" * 43):
        answer = await kiosk.http.post(
            "/revoke", data={"client_id": kiosk.client_id, "token": token}
        )
        assert (answer.status_code, answer.json()) == (200, {})
    signing_in.refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")


async def test_people_see_where_they_are_signed_in_and_end_it(kiosk, email, token):
    here, there = await kiosk.signed_in(email), await kiosk.signed_in(email)
    places = (await kiosk.http.get("/me/signed-in", headers=signing_in.bearer(here))).json()[
        "items"
    ]
    assert [(place["client"], place["second_factor"]) for place in places] == [
        ("Kiosk", False),
        ("Kiosk", False),
    ]
    mine = f"/me/signed-in/{places[0]['signed_in_id']}"
    assert (await kiosk.http.delete(mine, headers=token("member"))).status_code == 404
    assert (await kiosk.http.delete(mine, headers=signing_in.bearer(here))).status_code == 204
    left = (await kiosk.http.get("/me/signed-in", headers=signing_in.bearer(here))).json()["items"]
    assert len(left) == 1
    assert (
        await kiosk.http.delete("/me/signed-in", headers=signing_in.bearer(here))
    ).status_code == 204
    for tokens in (here, there):
        signing_in.refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")


async def test_a_role_comes_with_the_next_refresh_and_going_signs_out(kiosk, email, house, token):
    tokens = await kiosk.signed_in(email)
    await signing_in.give(kiosk.http, token, email, "cop_convenor")
    tokens = (await kiosk.refresh(tokens["refresh_token"])).json()
    assert signing_in.caller_of(house, tokens).roles == {"member", "cop_convenor"}
    path = f"/persons/{signing_in.person_of(email)}/roles/cop_convenor"
    for _ in range(2):
        taken = await kiosk.http.delete(path, headers=token("administrator"))
        assert taken.status_code == 204
    signing_in.refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")
    assert signing_in.caller_of(house, await kiosk.signed_in(email)).roles == {"member"}


async def test_a_role_ends_by_itself_on_its_day(kiosk, email, house, token):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await signing_in.give(kiosk.http, token, email, "manager", ends_at=tomorrow.isoformat())
    assert "manager" in signing_in.caller_of(house, await kiosk.signed_in(email)).roles
    await kiosk.database.pool.execute(
        "UPDATE role_grant SET given_at = given_at - interval '2 days', "
        "ends_at = ends_at - interval '2 days' WHERE person_id = $1",
        signing_in.person_of(email),
    )
    assert signing_in.caller_of(house, await kiosk.signed_in(email)).roles == {"member"}


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
    assert signing_in.fault(await signing_in.give(kiosk.http, token, email, "manager", **past))
