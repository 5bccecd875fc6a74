"""The open pages of the hub, and joining it."""

import re

import pytest

from portal.hub_stand_in import CODE_ID, opened

JOINING = {
    "code_id": CODE_ID,
    "code": "483 920",
    "name": "Alan a Dale",
    "sector": "voluntary",
    "work_field": "mental_health",
    "role_level": "front_line",
    "area": "nottingham_city",
}


@pytest.fixture(autouse=True)
def _open(town):
    opened(town)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/learn", ["Trauma", 'href="/learn/tic-introduction"', "Still being written"]),
        ("/learn/tic-introduction", ["Harm is spoken of.", "Samaritans", 'href="/join"']),
        ("/you-said", ["Nobody &lt;tells us&gt;.", "There is a board now.", "/you-said?after="]),
        ("/impact", ["It stays open.", "Sherwood"]),
        ("/impact/changes", ["It stays open."]),
        ("/bulletin", ['href="/bulletin/may-2026"', "Tuesday 5 May 2026"]),
        ("/bulletin/may-2026", ["<strong>all</strong>", 'href="/events/x"', "7 May"]),
        ("/start", ["Whatever you begin with is right."]),
    ],
)  # fmt: skip
def test_an_open_page_says_what_there_is(site, path, words):
    page = site.get(path)
    assert page.status_code == 200
    assert [word for word in words if word not in page.text] == []


@pytest.mark.parametrize("path", ["/learn", "/you-said", "/impact", "/bulletin", "/start"])
def test_a_page_whose_service_is_away_stands(town, site, path):
    town.resources.mood = town.notifications.mood = "broken"
    page = site.get(path)
    assert page.status_code == 200
    assert "<h1>" in page.text


@pytest.mark.parametrize(
    ("path", "asked"), [("/learn/a%3Fb", 0), ("/bulletin/a%3Fb", 0), ("/learn/nothing", 1)]
)
def test_what_there_is_not_is_a_page_that_helps(town, site, path, asked):
    assert site.get(path).status_code == 404
    told = [*town.resources.asked, *town.notifications.asked]
    assert len([there for _, there, _ in told if there.startswith(("/mod", "/bulle"))]) == asked


@pytest.mark.parametrize(("old", "place"), [("/recordings/cuckooing", "/library/cuckooing")])
def test_addresses_in_letters_lead_on(site, old, place):
    assert site.get(old).headers["location"] == place


def test_a_bad_place_in_the_list_is_left_aside(town, site):
    assert site.get("/you-said?after='--").status_code == 200
    assert town.resources.asked[-1][1] == "/you-said?limit=20"


def test_joining_asks_for_the_code_and_keeps_the_address_out_of_every_page_address(town, site):
    asked = site.post("/join", data={"email": "alan@example.org"})
    assert asked.status_code == 200
    assert f'name="code_id" value="{CODE_ID}"' in asked.text
    assert "alan@example.org" not in asked.text
    done = site.post("/join/profile", data=JOINING)
    assert (done.status_code, done.headers["location"]) == (303, "/joined")
    [sent] = [
        body for how, path, body in town.resources.asked if (how, path) == ("POST", "/members")
    ]
    assert sent == JOINING
    assert "You belong to the hub now." in site.get("/joined").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"code": "abc"}, "Enter the digits that stand in the letter"),
        ({"name": ""}, "Enter your name"),
        ({"sector": "nonsense"}, "Choose the sector you work in"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_rest_is_kept(site, typed, words):
    page = site.post("/join/profile", data=JOINING | typed)
    assert page.status_code == 422
    assert page.text.count(words) == 2  # in the summary and at the field
    kept = {"name": "Alan a Dale", "code": "483 920"} | typed
    assert re.search(f'name="name"[^>]*value="{kept["name"]}"', page.text) or not kept["name"]


def test_a_code_that_is_not_the_one_is_said_at_its_field(town, site):
    fault = {"pointer": "/code", "code": "wrong", "detail": "That is not the code we sent."}
    town.refusal = (422, {"title": "Wrong.", "status": 422, "errors": [fault]})
    page = site.post("/join/profile", data=JOINING)
    assert page.status_code == 422
    assert "That is not the code we sent." in page.text


@pytest.mark.parametrize("email", ["", "two@example.org, more@example.org", "alan", "a@b\r\nc.org"])
def test_an_address_that_is_none_is_asked_for_again(town, site, email):
    page = site.post("/join", data={"email": email})
    assert page.status_code == 422
    assert "Enter an email address with a full ending" in page.text
    assert not [path for how, path, _ in town.resources.asked if how == "POST"]


def test_with_the_hub_away_what_was_typed_is_kept(town, site):
    town.resources.mood = "broken"
    page = site.post("/join", data={"email": "alan@example.org"})
    assert page.status_code == 503
    assert 'value="alan@example.org"' in page.text
