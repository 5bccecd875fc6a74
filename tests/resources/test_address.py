"""An account moves to another address: shown by a code that came there, and still one person."""

import asyncio
import json
from uuid import UUID

import a
import signing_in
from members import a_member
from pdu_resources.member.account import account_at
from pdu_resources.member.code import Holder
from pdu_shared.database import transaction
from pdu_shared.identity import person_id
from pdu_shared.sealing import Sealer
from resources.organisations import Registry, a_name
from resources.surveys import told
from signing_up import KEY, a_code, sign_up, typed


async def code_for(http, member, email):
    headers = {**member.header, **a.key()}
    answer = await http.post("/members/me/address-codes", json={"email": email}, headers=headers)
    assert answer.status_code == 201, answer.text
    return typed(answer.json()["code_id"])


async def move(http, member, email):
    code = await code_for(http, member, email)
    return await http.put("/members/me/address", json=code, headers=member.header)


async def at(database, email):
    """Whose account opens at this address."""
    async with transaction(database) as conn:
        found = await account_at(conn, Holder(email, person_id(KEY, email)))
    return found and found.person_id


async def test_letters_go_to_the_new_address_and_both_are_one_person(
    house, resources_http, resources_database, token
):
    member, new = await a_member(resources_http, token), a.person()["email"]
    answer = await move(resources_http, member, new)
    assert (answer.status_code, answer.json()["address"]) == (200, new)
    [merged] = await told(resources_database, "PersonMerged", str(person_id(KEY, new)))
    assert (merged.kept_id, merged.basis) == (member.person_id, "new_address")
    row = await resources_database.pool.fetchrow(
        """
        SELECT body FROM outbox WHERE subject = $1 AND routing_key = 'resources.ContactPointChanged'
         ORDER BY position DESC
        """,
        f"person/{member.person_id}",
    )
    sealer = Sealer(house.secrets.sealing_keys("notifications"))
    opened = json.loads(sealer.unseal(json.loads(row["body"])["data"]))
    assert (opened["address"], opened["verified"]) == (new, True)


async def test_the_new_address_opens_the_account_and_the_old_one_does_not(
    resources_http, resources_database, token
):
    member, new = await a_member(resources_http, token), a.person()["email"]
    await move(resources_http, member, new)
    assert await at(resources_database, new) == member.person_id
    assert await at(resources_database, member.email) is None
    answer = await sign_up(resources_http, {**member.said, "email": member.email})
    assert answer.status_code == 409
    assert (await sign_up(resources_http, {**member.said, "email": new})).status_code == 201
    seen = await member.profile(resources_http)
    assert seen.json()["address"] == new


async def test_moving_back_and_on_stays_one_person(resources_http, resources_database, token):
    member = await a_member(resources_http, token)
    for email in (a.person()["email"], member.email, a.person()["email"]):
        assert (await move(resources_http, member, email)).status_code == 200
        assert await at(resources_database, email) == member.person_id
        email_id = str(person_id(KEY, email))
        told_once = await told(resources_database, "PersonMerged", f'merged_id":"{email_id}')
        assert len(told_once) == (email != member.email)


async def test_an_account_moves_to_no_address_of_another(resources_http, token):
    one, other = [await a_member(resources_http, token) for _ in range(2)]
    assert (await move(resources_http, one, other.email)).status_code == 409
    assert (await one.profile(resources_http)).json()["address"] == one.email


async def test_of_two_accounts_that_move_to_one_address_at_once_one_does(resources_http, token):
    new = a.person()["email"]
    members = [await a_member(resources_http, token) for _ in range(2)]
    answers = await asyncio.gather(*(move(resources_http, one, new) for one in members))
    assert sorted(one.status_code for one in answers) == [200, 409]


async def test_a_code_for_signing_up_moves_no_account(resources_http, token):
    member, new = await a_member(resources_http, token), a.person()["email"]
    code = await a_code(resources_http, new)
    answer = await resources_http.put("/members/me/address", json=code, headers=member.header)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "expired-code"


async def test_a_wrong_code_moves_nothing_and_is_counted(resources_http, resources_database, token):
    member, new = await a_member(resources_http, token), a.person()["email"]
    code = await code_for(resources_http, member, new)
    wrong = {**code, "code": f"{(int(code['code']) + 1) % 10**6:06}"}
    answer = await resources_http.put("/members/me/address", json=wrong, headers=member.header)
    assert answer.status_code == 422
    tries = await resources_database.pool.fetchval(
        "SELECT tries FROM mailed_code WHERE code_id = $1", UUID(code["code_id"])
    )
    assert tries == 1
    assert (await member.profile(resources_http)).json()["address"] == member.email


async def test_who_reads_at_the_old_address_now_does_not_sign_in_as_the_member(
    resources_http, resources_database, token
):
    kiosk = await signing_in.front_end(resources_http, resources_database, token)
    member, new = await a_member(resources_http, token), a.person()["email"]
    await move(resources_http, member, new)
    begun = await kiosk.begin(member.email, signing_in.pkce()[1])
    code = await signing_in.letter(resources_database, member.email)
    step = await kiosk.step(begun.json()["handle"], code)
    assert step.json()["state"] == "no_account"
    claims = signing_in.claims((await kiosk.signed_in(new))["access_token"])
    assert claims["sub"] == str(member.person_id)


async def test_a_token_names_the_organisation_that_the_registry_knows(
    resources_http, resources_database, token
):
    kiosk = await signing_in.front_end(resources_http, resources_database, token)
    registry, typed = Registry(resources_http, token("coordinator")), a_name("Typed")
    organisation = await registry.add(also_known_as=[typed])
    member = await a_member(resources_http, token, organisation=typed.upper())
    claims = signing_in.claims((await kiosk.signed_in(member.email))["access_token"])
    assert claims["organisation_id"] == organisation
