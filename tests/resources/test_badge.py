"""Badges: read by a strict reader of the standard, and verified by anybody, with our keys alone."""

import json

import pytest
from pydantic import SecretStr

import a
import lessons
import open_badge
from lessons import published, read_to_the_end
from pdu_resources.pathway.signing import Signer
from pdu_resources.rules.credential import identity_hash
from pdu_shared.runtime import Runtime
from pdu_shared.settings import BadSettings, Settings
from pdu_shared.tokens import new_issuer_key
from resources.test_pathway import a_pathway, set_out, step


@pytest.fixture
def http(resources_http):
    return resources_http


@pytest.fixture
async def holder(http, token):
    """Somebody who completed a pathway: their header, their address, and the pathway."""
    coordinator = token("coordinator")
    module = await published(http, coordinator)
    key = await a_pathway(http, coordinator, step("module", module))
    person = a.person()
    _, headers = await lessons.member(http, token, email=person["email"])
    await set_out(http, headers, key)
    await read_to_the_end(http, headers, module)
    return headers, person["email"], key


async def own(http, headers):
    [badge] = (await http.get("/my-badges", headers=headers)).json()["items"]
    return badge


async def test_a_badge_is_an_open_badge_that_only_our_public_keys_verify(http, holder):
    headers, address, key = holder
    badge = await own(http, headers)
    keys = (await http.get("/badge-issuer/keys")).json()
    document = open_badge.opened(badge["jwt"], keys)
    assert document == badge["credential"]
    subject = document["credentialSubject"]
    [identity] = subject["identifier"]
    assert identity["identityHash"] == identity_hash(address, identity["salt"])
    assert address not in json.dumps(document)
    kid = open_badge.kid_of(badge["jwt"])
    assert (await http.get(f"/badge-issuer/keys/{kid}")).json() == keys["keys"][0]
    achievement = await http.get(f"/badge-issuer/achievements/{key}")
    assert achievement.json() == subject["achievement"]
    assert (await http.get("/badge-issuer")).json() == document["issuer"]


async def test_anybody_may_ask_whether_a_badge_holds(http, holder):
    badge = await own(http, holder[0])
    seen = (await http.get(f"/badges/{badge['code']}")).json()
    assert (seen["state"], seen["holder"]) == ("issued", "A. A. D.")
    assert "jwt" not in seen
    answer = await http.post("/badge-verifications", json={"jwt": badge["jwt"]})
    assert (answer.json()["valid"], answer.json()["badge"]) == (True, seen)


async def test_a_badge_that_was_changed_or_signed_by_somebody_else_is_not_ours(http, holder):
    badge = await own(http, holder[0])
    head, body, signature = badge["jwt"].split(".")
    other = "A" if signature[0] != "A" else "B"
    for forged in (f"{head}.{body}.{other}{signature[1:]}", f"{head}.{body[:-4]}AAAA.{signature}"):
        answer = await http.post("/badge-verifications", json={"jwt": forged})
        assert (answer.status_code, answer.json()["reason"]) == (200, "signature")
    answer = await http.post("/badge-verifications", json={"jwt": "no jwt"})
    assert answer.status_code == 422


async def test_a_badge_that_is_no_more_is_not_valid(http, resources_database, holder):
    badge = await own(http, holder[0])
    await resources_database.pool.execute("DELETE FROM badge WHERE code = $1", badge["code"])
    answer = await http.post("/badge-verifications", json={"jwt": badge["jwt"]})
    assert (answer.json()["valid"], answer.json()["reason"]) == (False, "not_issued")
    assert (await http.get(f"/badges/{badge['code']}")).status_code == 404


async def test_without_a_key_there_are_badges_that_are_not_signed(house, holder):
    headers, *_ = holder
    async with house.http("resources", badge_keys=None) as unsigned:
        badge = await own(unsigned, headers)
        assert (badge["state"], badge["jwt"], badge["credential"]) == ("issued", None, None)
        assert (await unsigned.get("/badge-issuer/keys")).json() == {"keys": []}


def test_a_badge_key_that_is_none_is_named_and_never_shown():
    public = {name: value for name, value in new_issuer_key().items() if name != "d"}
    for text in (
        "",
        "{}",
        '{"keys": [{"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0", "kid": "x"}]}',
        json.dumps({"keys": [public]}),
    ):
        settings = Settings(badge_keys=SecretStr(text or " "))
        with pytest.raises(BadSettings, match=r"^PDU_BADGE_KEYS_FILE: [^{]*$"):
            Signer(Runtime("resources", settings, None))
