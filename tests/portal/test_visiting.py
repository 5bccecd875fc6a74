"""Whoever works here may look at everything as a visitor does, and comes back with one press."""

import pytest

from portal.coordinator_stand_in import working
from portal.signing_in import a_key, signed_in


@pytest.fixture
def robin(site, town):
    working(town)
    return signed_in(site, "coordinator", "member")


def test_pages_are_those_of_a_visitor_until_one_goes_back(town, site, robin):
    assert "See it as a visitor" in site.get("/events").text
    away = site.post("/see-as-visitor", data={"key": a_key(robin)}, follow_redirects=False)
    assert away.headers["location"] == "/"

    before = len(town.bookings_service.tokens)
    page = site.get("/events").text
    for words in ("Back to my work", "What\u2019s on", "Sign in"):
        assert words in page
    for words in ("/coordinate", "My activity", "See it as a visitor"):
        assert words not in page
    asked = town.bookings_service.tokens[before:]
    assert asked
    assert all(not token for _, token in asked), "nothing is asked in their name"
    led = site.get("/coordinate", follow_redirects=False)
    assert led.headers["location"].startswith("/sign-in")

    key = page.partition('action="/back-to-work"')[2].partition('name="key" value="')[2]
    back = site.post("/back-to-work", data={"key": key.partition('"')[0]}, follow_redirects=False)
    assert back.headers["location"] == "/coordinate"
    assert site.get("/coordinate").status_code == 200


def test_a_form_from_elsewhere_leads_nobody_back(site, robin):
    site.post("/see-as-visitor", data={"key": a_key(robin)})
    site.post("/back-to-work", data={"key": "made-up"})
    assert "Back to my work" in site.get("/events").text
    stranger = site.post("/back-to-work", data={"key": "x"}, headers={"Cookie": ""})
    assert stranger.status_code in {200, 303}


@pytest.mark.usefixtures("town")
def test_members_are_not_asked_for_they_see_what_visitors_see(site):
    signed_in(site, "member")
    assert "See it as a visitor" not in site.get("/events").text
