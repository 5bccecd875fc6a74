"""A membership of a community behind the link of its letter."""

import pytest

from portal.community_stand_in import LINK, belonging

WHO = {
    "organisation": "Greenwood Housing",
    "sector": "voluntary",
    "work_field": "mental_health",
    "role_level": "other",
    "area": "nottingham_city",
}


def test_whoever_is_invited_sees_what_for_and_joins(town, site):
    membership = belonging(town, "invited")
    page = site.get(LINK).text
    for words in ("You are invited", "Share what works", "Thursday 4 March 2027, 10am"):
        assert words in page
    answer = site.post(LINK, data={"become": "member", "shares_name": "yes", **WHO})
    assert (answer.status_code, answer.headers["location"]) == (303, LINK)
    [(_, _, body)] = [asked for asked in town.bookings_service.asked if asked[0] == "POST"]
    assert body == {**WHO, "shares_name": True}
    assert membership["state"] == "active"
    assert "You belong to this community" in site.get(LINK).text


def test_what_is_missing_is_said_and_nothing_sent(town, site):
    membership = belonging(town, "invited")
    answer = site.post(LINK, data={"become": "member", **WHO, "sector": ""})
    assert answer.status_code == 422
    assert "Choose the sector you work in" in answer.text
    assert 'value="Greenwood Housing"' in answer.text
    assert membership["state"] == "invited"


@pytest.mark.parametrize(
    ("state", "become", "then"),
    [
        ("invited", "left", "You do not belong to this community"),
        ("active", "on_break", "You are on a break"),
        ("on_break", "active", "You belong to this community"),
        ("active", "left", "You do not belong to this community"),
    ],
)
def test_a_button_does_what_it_says(town, site, state, become, then):
    belonging(town, state)
    assert f'name="become" value="{become}"' in site.get(LINK).text
    site.post(LINK, data={"become": become})
    assert then in site.get(LINK).text


def test_a_name_is_shown_and_hidden(town, site):
    membership = belonging(town, "active")
    assert "Much Miller, Greenwood Housing" in site.get(LINK).text
    site.post(LINK, data={"become": "seen", "shares_name": "yes"})
    assert membership["shares_name"]
    assert "Hide my name" in site.get(LINK).text
    site.post(LINK, data={"become": "seen"})
    assert not membership["shares_name"]


def test_a_refusal_is_told_in_its_own_words(town, site):
    belonging(town, "active")
    town.refusal = (409, {"title": "Conflict", "detail": "This membership has ended."})
    answer = site.post(LINK, data={"become": "on_break"})
    assert answer.status_code == 409
    assert "This membership has ended." in answer.text


def test_what_nobody_asked_changes_nothing(town, site):
    membership = belonging(town, "active")
    site.post(LINK, data={"become": "king"})
    assert membership["state"] == "active"


@pytest.mark.parametrize("token", ["short", "..........", "a b c d e f"])
def test_what_can_be_no_token_is_not_there(site, token):
    assert site.get(f"/m/{token}").status_code == 404
