"""Front ends and machines that sign in, or let people: secrets, addresses, discovery."""

from uuid import uuid4

import pytest

import signing_in


async def test_a_machine_signs_in_with_its_secret_and_stands_for_nobody(
    resources_http, resources_database, token, house
):
    robot = await signing_in.front_end(
        resources_http, resources_database, token, confidential=True, scopes=["import"]
    )
    answer = await robot.token(grant_type="client_credentials", scope="import openid")
    caller = signing_in.caller_of(house, answer.json())
    assert (caller.sub, caller.roles, caller.scope) == (None, {"integration"}, {"import"})
    assert "refresh_token" not in answer.json()
    for wrong in ("", "x" * 43, None):
        signing_in.refused(
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
    signing_in.refused(await robot.token(grant_type="client_credentials"), "invalid_client")
    newest = await robot.token(grant_type="client_credentials", client_secret=second)
    assert newest.status_code == 200


async def test_a_disabled_client_lets_nobody_in(resources_http, resources_database, token, email):
    shut = await signing_in.front_end(resources_http, resources_database, token)
    tokens = await shut.signed_in(email)
    path = f"/clients/{shut.client_id}"
    assert (await resources_http.delete(path, headers=token("administrator"))).status_code == 204
    signing_in.refused(await shut.refresh(tokens["refresh_token"]), "invalid_client")
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
