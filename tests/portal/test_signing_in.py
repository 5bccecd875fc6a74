"""Signing in and out at the portal, and what it does for those who have."""

import re
import time
from urllib.parse import quote, urlsplit

import httpx
import pytest
from fastapi.routing import APIRoute

from pdu_portal import signed_in as door
from pdu_portal.app import ROUTERS
from portal.signing_in import a_key, a_viewer, cookie_of, issuing, signed_in
from portal.stand_in import open_portal

FOREIGN = [
    "https://evil.example.org/",
    "//evil.example.org/",
    "/\\evil.example.org",
    "/\t/evil.example.org",
    "\\\\evil.example.org",
    "javascript:alert(1)",
    "/%0d%0aSet-Cookie:x\r\n",
    "/me\\@evil.example.org",
    "evil.example.org",
    " /me",
    "/sign-in?to=/sign-in",
    "/" + "x" * 600,
]


ANOTHER = "0b6e1c1e-6d3a-4f0e-9d3e-0b8f4a3f9a11"


@pytest.fixture(autouse=True)
def issuer(town):
    return issuing(town)


def come_back(site, issuer, to="/library"):
    """Sign in as a browser does, and the answer that says it is done."""
    away = site.get("/sign-in", params={"to": to})
    assert away.status_code == 303
    return site.get(issuer.let_in(away.headers["location"]))


def test_somebody_signs_in_and_is_where_they_wanted_to_be(site, issuer):
    done = come_back(site, issuer, to="/library?q=hoarding")
    assert (done.status_code, done.headers["location"]) == (303, "/library?q=hoarding")
    page = site.get("/")
    assert "You are signed in as Marian Leaford" in page.text
    assert "My activity" in page.text
    assert 'href="/sign-in"' not in page.text


def test_who_signs_in_is_sent_to_the_issuer_with_a_challenge_and_no_cookie_but_its_own(town, site):
    away = site.get("/sign-in")
    parts = urlsplit(away.headers["location"])
    assert parts.port == town.resources.port
    assert parts.path == "/authorize"
    [cookie] = away.headers.get_list("set-cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    # What only the portal may know does not travel through the browser's address.
    kept = site.cookies["pdu-signing-in"]
    assert kept not in away.headers["location"]


def test_the_cookie_is_sealed_and_says_nothing(site, issuer):
    come_back(site, issuer)
    [name] = [one for one in site.cookies if one == "pdu"]
    for secret in ("Marian", issuer.given[0], "refresh-1", "member"):
        assert secret not in site.cookies[name]
    assert len(site.cookies[name]) < 4000


def test_over_tls_the_cookie_is_of_this_host_alone(town):
    with open_portal(town, portal_url="https://pdu.example.org") as address:
        answer = httpx.get(f"{address}/sign-in")
    [cookie] = answer.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-pdu-signing-in=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
        assert part in cookie
    assert "Domain" not in cookie
    assert "redirect_uri=https%3A%2F%2Fpdu.example.org%2Fsigned-in" in answer.headers["location"]


@pytest.mark.parametrize("to", FOREIGN)
def test_nobody_is_sent_elsewhere_after_signing_in(site, issuer, to):
    assert come_back(site, issuer, to=to).headers["location"] == "/me"
    assert site.get("/sign-in", params={"to": to}).headers["location"] == "/me"


@pytest.mark.parametrize("wrong", ["state", "code", "iss", "nothing_kept", "refused"])
def test_who_comes_back_without_having_gone_is_not_signed_in(site, issuer, wrong):
    back = issuer.let_in(site.get("/sign-in").headers["location"])
    if wrong == "nothing_kept":
        site.cookies.clear()
    issuer.refused = wrong == "refused"
    answer = site.get(re.sub(rf"{wrong}=[^&]*", f"{wrong}=another", back))
    assert answer.status_code == 400
    assert "You are not signed in" in answer.text
    assert "pdu" not in site.cookies
    assert "You are signed in" not in site.get("/").text


def test_a_link_from_elsewhere_puts_nobody_out(site, issuer):
    come_back(site, issuer)
    assert site.get("/signed-in?code=planted&state=planted").status_code == 400
    assert site.get("/me").status_code == 200


def test_a_code_is_taken_once(site, issuer):
    back = issuer.let_in(site.get("/sign-in").headers["location"])
    assert site.get(back).status_code == 303
    site.cookies.delete("pdu")
    assert site.get(back).status_code == 400


def test_each_signing_in_is_another_session(site, issuer):
    come_back(site, issuer)
    before = site.cookies["pdu"]
    site.cookies.delete("pdu")
    come_back(site, issuer)
    assert site.cookies["pdu"] != before


def test_with_the_hub_away_nobody_is_lost(town, site, issuer):
    back = issuer.let_in(site.get("/sign-in").headers["location"])
    with town.resources.away():
        page = site.get(back)
    assert page.status_code == 503
    assert "The online hub does not answer just now" in page.text
    assert site.get(back).status_code == 303


@pytest.mark.parametrize("change", ["cut", "turned", "another_key", "over", "none"])
def test_a_cookie_that_is_not_ours_is_nobodys(site, change):
    name, value = cookie_of(a_viewer())
    site.cookies.set(
        name,
        {
            "cut": value[:-3],
            "turned": value[:-5] + ("A" if value[-5] != "A" else "B") + value[-4:],
            "another_key": "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAA",
            "over": cookie_of(a_viewer(until=int(time.time()) + 1))[1] if change == "over" else "",
            "none": "x" * 5000,
        }[change],
    )
    if change == "over":
        time.sleep(1.1)
    page = site.get("/")
    assert page.status_code == 200
    assert "You are signed in" not in page.text
    assert site.post("/sign-out").status_code == 401


def test_a_token_near_its_end_is_changed_and_services_get_the_new_one(town, site, issuer):
    signed_in(site, token_until=int(time.time()) + 5)
    site.get("/library")
    shown = {token for path, token in town.resources.tokens if path == "/items"}
    assert shown == {f"Bearer {issuer.given[0]}"}
    site.get("/library")
    assert len(issuer.given) == 1


def test_pages_opened_side_by_side_stay_signed_in(site):
    signed_in(site, token_until=int(time.time()) + 5)
    old = dict(site.cookies)
    first = site.get("/", headers={"Cookie": f"pdu={old['pdu']}"})
    second = site.get("/", headers={"Cookie": f"pdu={old['pdu']}"})
    for page in (first, second):
        assert "You are signed in" in page.text
        assert "set-cookie" in page.headers


def test_who_was_signed_out_elsewhere_is_nobody_on_the_next_page(site, issuer):
    signed_in(site, token_until=int(time.time()) + 5)
    issuer.refused = True
    page = site.get("/")
    assert "You are signed in" not in page.text
    assert "pdu" not in site.cookies


def test_while_the_hub_is_away_who_has_signed_in_stays_so(town, site, issuer):
    signed_in(site, token_until=int(time.time()) - 5)
    with town.resources.away():
        page = site.get("/")
        assert "You are signed in as Marian Leaford" in page.text
        assert site.post("/sign-out", data={"key": "x"}).status_code == 503
    assert "You are signed in as Marian Leaford" in site.get("/").text
    assert issuer.given


def test_roles_that_were_given_or_taken_show_when_the_token_is_changed(site, issuer):
    viewer = signed_in(site, token_until=int(time.time()) + 5)
    assert not viewer.has("coordinator")
    issuer.roles = ("member", "coordinator")
    site.get("/")
    assert len(issuer.given) == 1


def test_signing_out_ends_it_at_the_issuer_too(site, issuer):
    viewer = signed_in(site)
    done = site.post("/sign-out", data={"key": a_key(viewer)})
    assert (done.status_code, done.headers["location"]) == (303, "/signed-out")
    assert issuer.ended == ["refresh-of-the-first"]
    assert "pdu" not in site.cookies
    assert "You are signed out" in site.get("/signed-out").text


def test_signing_out_works_while_the_issuer_is_away(town, site):
    viewer = signed_in(site)
    with town.resources.away():
        assert site.post("/sign-out", data={"key": a_key(viewer)}).status_code == 303
    assert "pdu" not in site.cookies


def test_a_form_sent_from_another_site_changes_nothing(site, issuer):
    viewer = signed_in(site)
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.org"}):
        answer = site.post("/sign-out", data={"key": a_key(viewer)}, headers=header)
        assert answer.status_code == 403
    assert issuer.ended == []


@pytest.mark.parametrize("key", ["", "x", "another_viewer", "old", "changed"])
def test_a_form_without_its_key_is_shown_again_with_all_that_was_typed(site, issuer, key):
    viewer = signed_in(site)
    good = a_key(viewer)
    _, at, mac = good.split(".")
    sent = {
        "another_viewer": a_key(a_viewer()),
        "old": a_key(viewer, seconds_ago=7300),
        "changed": f"{ANOTHER}.{at}.{mac}",
    }.get(key, key)
    page = site.post("/sign-out", data={"key": sent, "note": 'A "note"\nof two <lines>'})
    assert page.status_code == 409
    assert "Please press once more" in page.text
    assert 'value="A &#34;note&#34;\nof two &lt;lines&gt;"' in page.text
    assert issuer.ended == []
    again = re.search(r'<main.*name="key" value="([^"]+)"', page.text, re.DOTALL)[1]
    assert site.post("/sign-out", data={"key": again}).status_code == 303


def test_a_service_that_does_not_believe_the_token_leads_to_signing_in_anew(town, site):
    town.resources.answers["GET /items/cuckooing"] = lambda *_: (401, {"title": "Who?"})
    signed_in(site)
    answer = site.get("/library/cuckooing?x=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?to={quote('/library/cuckooing?x=1', safe='')}"
    assert "pdu" not in site.cookies


def test_what_is_for_others_says_so(town, site):
    town.resources.answers["GET /items/cuckooing"] = lambda *_: (403, {"title": "No."})
    signed_in(site)
    answer = site.get("/library/cuckooing")
    assert answer.status_code == 403
    assert "This page is not open to you" in answer.text


def test_the_board_and_the_lists_are_asked_for_without_anybodys_token(town, site):
    town.announce()
    viewer = signed_in(site)
    site.get(f"/events/{next(iter(town.events))}")
    site.get("/live")
    shown = {path for one in town.services.values() for path, token in one.tokens if token}
    assert "/vocabulary" not in shown
    assert "/journal" not in shown
    assert viewer.token


BY_SCRIPT = "/coordinate/events/{event_id}/register/{session_id}/mark"
"""Asks for the key by itself, and is given a newer one: test_register.py."""


def test_every_form_of_who_has_signed_in_needs_its_key():
    routes = [one for router in ROUTERS for one in router.routes if isinstance(one, APIRoute)]
    posts = [one for one in routes if "POST" in one.methods]
    own = [one for one in posts if _needs(one.dependant, door.signed_in)]
    assert own
    keyed = [one for one in own if _has_door(one.dependant)]
    assert {one.path for one in own} - {one.path for one in keyed} == {BY_SCRIPT}


def _has_door(dependant) -> bool:
    name = door.form_of().__qualname__
    asked = dependant.dependencies
    return any(one.call.__qualname__ == name or _has_door(one) for one in asked)


def _needs(dependant, call) -> bool:
    return any(one.call is call or _needs(one, call) for one in dependant.dependencies)
