"""Every page and every form of the portal, whoever added it: nothing foreign, nothing that runs."""

import re

import httpx
import pytest
from structlog.testing import capture_logs

from pdu_portal.security import HEADERS
from portal.every_page import (
    TORTURE,
    address,
    every_role,
    furnished,
    looked,
    routes,
    tortured,
)
from portal.signing_in import a_key, cookie_of, signed_in
from portal.stand_in import open_portal

NAME, EMAIL = "Eleanor Plantagenet", "eleanor@castlegate.example.org"
FILES = ("/static/", "/livez", "/readyz", "/events.ics")


@pytest.fixture(scope="module")
def ill_meant():
    """A portal whose services tell nothing but torture, and the addresses of its pages."""
    it, ids = furnished()
    tortured(it)
    with open_portal(it) as opened:
        yield opened, ids


@pytest.fixture
def site(ill_meant):
    with httpx.Client(base_url=ill_meant[0], timeout=30) as client:
        yield client


@pytest.fixture
def everybody(site):
    """Somebody with every role, whom no answer signs out on the way."""
    viewer = signed_in(site, *every_role())
    name, value = cookie_of(viewer)
    site.headers["Cookie"] = f"{name}={value}"
    site.cookies.clear()
    return viewer


def is_page(answer: httpx.Response) -> bool:
    return answer.headers.get("content-type", "").startswith("text/html")


def test_no_page_runs_or_fetches_anything_and_every_one_has_its_headers(ill_meant, site, everybody):
    del everybody
    shown = 0
    front = site.get("/").text
    style = site.get(re.search(r'href="(/static/portal\.[^"]+\.css)"', front)[1]).content
    for route in routes("GET"):
        where = address(route.path, ill_meant[1])
        answer = site.get(where)
        assert answer.status_code != 500, where
        for name, value in HEADERS.items():
            assert answer.headers.get(name) == value, (where, name)
        if not is_page(answer):
            continue
        shown += answer.status_code == 200
        assert looked(answer.text).harm == [], where
        assert "PDUPDU" not in answer.text, where
        # What is written here is longer than what anybody writes.
        assert len(answer.content) + len(style) < 64_000, where
        if not where.startswith(FILES):
            assert "no-store" in answer.headers["cache-control"], where
    assert shown > 55, "most of them had something to show"


def test_a_page_framed_or_loaded_from_elsewhere_is_forbidden_by_its_policy():
    policy = HEADERS["Content-Security-Policy"]
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in policy
    for hole in ("unsafe-inline", "unsafe-eval", "data:", "http", "*"):
        assert hole not in policy


def test_what_is_typed_comes_back_as_text_from_every_form_and_stands_in_no_log(
    ill_meant, site, everybody
):
    forms = sent_back = 0
    with capture_logs() as logs:
        for route in routes("POST"):
            where = address(route.path, ill_meant[1])
            for torture in ("".join(TORTURE), f"{NAME} {EMAIL}"):
                typed = filled(site, where, torture) | {"key": a_key(everybody)}
                answer = site.post(where, data=typed)
                forms += 1
                assert answer.status_code != 500, where
                location = answer.headers.get("location", "")
                assert EMAIL not in location
                assert not location.startswith(("//", "https://evil")), where
                if is_page(answer):
                    assert looked(answer.text).harm == [], where
                    assert "PDUPDU" not in answer.text, where
                    sent_back += EMAIL in answer.text
    assert forms > 60
    assert sent_back > 5, "what was typed is kept"
    told = repr(logs)
    assert EMAIL not in told
    assert NAME not in told
    assert "alert(1)" not in told


def filled(site, where: str, words: str) -> dict[str, str]:
    """Every field that the form has, filled with the same."""
    page = site.get(where)
    fields = looked(page.text).fields if is_page(page) else {}
    names = {name for form in fields.values() for name in form}
    return dict.fromkeys({*names, "text", "title", "name", "email", "of"}, words)


@pytest.mark.parametrize("site_of", ["cross-site", "same-site"])
def test_no_form_is_taken_from_another_site(ill_meant, site, everybody, site_of):
    for route in routes("POST"):
        where = address(route.path, ill_meant[1])
        sent = {"key": a_key(everybody), "email": EMAIL}
        answer = site.post(where, data=sent, headers={"Sec-Fetch-Site": site_of})
        if route.path != "/u/{token}":  # a mail program ends a list by itself (RFC 8058)
            assert answer.status_code == 403, where


def test_strangers_see_nothing_that_is_somebodys_own(ill_meant, site):
    for route in routes("GET"):
        where = address(route.path, ill_meant[1])
        answer = site.get(where)
        if is_page(answer) and answer.status_code == 200:
            assert "Tuck Fryer" not in answer.text, where
            assert "Marian Leaford" not in answer.text or where.startswith(("/b/", "/n/")), where
