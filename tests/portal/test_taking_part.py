"""Communities, topics, offers to speak, teams, themes, and the pages that say who we are."""

import pytest

from portal.library_stand_in import shelved
from portal.signing_in import a_key, signed_in
from portal.taking_part_stand_in import KEY, MEMBERSHIP, TOPIC, TOPIC_TOKEN, taking_part

HERE = f"/communities/{KEY}"
OPEN = {
    "/communities": ["Housing &lt;First&gt;", HERE],
    HERE: ["Keep the door open.", "Castle Gate", f"/sign-in?to={HERE}"],
    "/suggest": ["Dogs in &lt;hostels&gt;", "3 would come"],
    f"/t/{TOPIC_TOKEN}": ["Others would come, too", "Not &lt;now&gt;."],
    "/speak": ["What would you like to share?"],
    "/workstreams/housing": ["Housing First and homelessness", "Lace Market Rooms", KEY],
    "/about": ["severe and multiple disadvantage means"],
    "/accessibility": ["WCAG 2.2"],
    "/privacy": ["You may show me."],
    "/developers": ["OpenAPI"],
}


@pytest.fixture(autouse=True)
def belongs(town):
    town.announce()
    shelved(town)
    return taking_part(town)


def told(town, how):
    return [(path, body) for method, path, body in town.bookings_service.asked if method == how]


@pytest.mark.parametrize(("path", "words"), OPEN.items())
def test_a_page_says_what_there_is_to_everybody(site, path, words):
    page = site.get(path)
    assert page.status_code == 200
    assert [word for word in words if word not in page.text] == []
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("path", OPEN)
def test_a_page_whose_services_are_in_trouble_stands_or_says_so(town, site, path):
    for service in town.services.values():
        service.mood = "broken"
    page = site.get(path)
    assert page.status_code in {200, 503}
    assert page.text.count("<h1") == 1


def test_somebody_joins_a_community_with_what_the_hub_knows_of_them(town, site):
    viewer = signed_in(site)
    form = {"become": "member", "shares_name": "yes", "key": a_key(viewer)}
    assert site.post(HERE, data=form).headers["location"] == HERE
    [(path, body)] = told(town, "POST")
    assert path == f"/communities/{KEY}/members"
    assert (body["email"], body["shares_name"]) == ("marian@greenwood.example.org", True)
    assert "organisation" not in body
    page = site.get(HERE).text
    assert "You belong to this community" in page
    assert "Tuck Fryer" in page


@pytest.mark.parametrize(
    ("become", "words"),
    [("on_break", "You are on a break"), ("left", "Join this community")],
)
def test_a_member_takes_a_break_or_leaves(town, site, belongs, become, words):
    viewer = signed_in(site)
    belongs["items"] = [{"membership_id": MEMBERSHIP, "community": KEY, "state": "active"}]
    site.post(HERE, data={"become": become, "key": a_key(viewer)})
    assert told(town, "PUT") == [(f"/memberships/{MEMBERSHIP}/state", {"state": become})]
    assert words in site.get(HERE).text


def test_who_does_not_belong_cannot_leave(site):
    viewer = signed_in(site)
    assert site.post(HERE, data={"become": "left", "key": a_key(viewer)}).status_code == 404


def test_a_community_that_takes_nobody_says_why(town, site):
    viewer = signed_in(site)
    town.refusal = (409, {"title": "No.", "detail": "This community has ended."})
    page = site.post(HERE, data={"become": "member", "key": a_key(viewer)})
    assert page.status_code == 409
    assert "This community has ended." in page.text


def test_only_who_convenes_sees_this_group(site):
    signed_in(site)
    assert "Allan Dale" not in site.get(HERE).text
    signed_in(site, "member", "cop_convenor")
    page = site.get(HERE).text
    assert "This group" in page
    assert f"{HERE}/group" in page
    group = site.get(f"{HERE}/group").text
    assert "Allan Dale" in group
    assert "1 coming session has nobody to convene it yet" in group


def test_a_topic_is_suggested_without_saying_who_one_is(town, site):
    done = site.post("/suggest", data={"text": "Dogs.\r\nAnd cats.", "workstream": "housing"})
    assert done.headers["location"] == f"/t/{TOPIC_TOKEN}"
    assert told(town, "POST") == [
        ("/topics", {"text": "Dogs.\nAnd cats.", "workstream": "housing"})
    ]


def test_who_wants_an_answer_says_where_it_goes(town, site):
    typed = {"text": "Dogs.", "name": "Much Miller", "email": "much@example.org"}
    assert site.post("/suggest", data=typed).status_code == 303
    reply = {"name": "Much Miller", "email": "much@example.org"}
    assert told(town, "POST") == [("/topics", {"text": "Dogs.", "reply_to": reply})]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text": " "}, "Tell us in a few words what you would like"),
        ({"text": "x" * 4001}, "Tell us in a few words what you would like"),
        ({"email": "much@example.org"}, "Enter your name, so that we know"),
        ({"email": "much", "name": "Much"}, "Enter an email address with a full ending"),
    ],
)
def test_what_is_wrong_with_a_suggestion_stands_at_its_field(town, site, typed, words):
    page = site.post("/suggest", data={"text": "Dogs & <cats>.", **typed})
    assert page.status_code == 422
    assert page.text.count(words) == 2
    assert told(town, "POST") == []
    if "text" not in typed:
        assert "Dogs &amp; &lt;cats&gt;.</textarea>" in page.text


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/suggest", {"text": "Dogs <b>"}),
        (
            "/speak",
            {"name": "Much", "email": "m@example.org", "role": "chair", "offer": "A <b>"},
        ),
    ],
)
def test_what_was_typed_outlasts_a_booking_desk_that_is_away(town, site, path, typed):
    town.bookings_service.mood = "broken"
    key = "0b6e1c1e-6d3a-4f0e-9d3e-0b8f4a3f9a11"
    page = site.post(path, data={**typed, "key": key})
    assert page.status_code == 503
    assert "&lt;b&gt;</textarea>" in page.text
    assert f'name="key" value="{key}"' in page.text


def test_a_member_says_that_they_would_come_too(town, site):
    assert "I would come, too" not in site.get("/suggest").text
    viewer = signed_in(site)
    assert "I would come, too" in site.get("/suggest").text
    done = site.post(f"/suggest/{TOPIC}", data={"key": a_key(viewer)})
    assert done.headers["location"] == "/suggest?backed=yes"
    assert told(town, "PUT") == [(f"/topics/{TOPIC}/backing", {})]


def test_somebody_offers_to_speak(town, site):
    typed = {
        "name": "Tuck Fryer", "email": "tuck@example.org", "organisation": "",
        "role": "facilitator", "offer": "How to listen.",
    }  # fmt: skip
    assert site.post("/speak", data=typed).headers["location"] == "/speak/thanks"
    [(_, body)] = told(town, "POST")
    assert body == {name: said for name, said in typed.items() if said}
    assert "Thank you for your offer" in site.get("/speak/thanks").text
    page = site.post("/speak", data={**typed, "role": "king", "offer": ""})
    assert page.status_code == 422
    assert page.text.count("Choose how") == 2


TEAM = {
    "name_1": "Marian Leaford", "email_1": "marian@example.org",
    "name_3": "Allan <Dale>", "email_3": "allan@example.org", "organisation": "Greenwood",
    "sector": "voluntary", "work_field": "mental_health", "role_level": "front_line",
    "area": "nottingham_city", "key": "0b6e1c1e-6d3a-4f0e-9d3e-0b8f4a3f9a11",
}  # fmt: skip


@pytest.fixture
def team(town):
    return f"/events/{next(iter(town.events))}/book-team"


def test_a_team_books_at_once_and_each_learns_what_they_have(town, site, team):
    assert team in site.get(team.removesuffix("/book-team")).text
    assert "Person 8" in site.get(team).text
    page = site.post(team, data=TEAM)
    assert page.status_code == 200
    [(_, body)] = told(town, "POST")
    assert [one["email"] for one in body["people"]] == ["marian@example.org", "allan@example.org"]
    assert {one["organisation"] for one in body["people"]} == {"Greenwood"}
    assert town.bookings_service.keys[-1] == TEAM["key"]
    assert "Has a place." in page.text
    assert "Allan &lt;Dale&gt;" in page.text
    assert "This person has a place already." in page.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email_3": "allan"}, "Enter an email address with a full ending"),
        ({"name_3": ""}, "Enter your name"),
        ({"sector": ""}, "Choose the sector you work in"),
        (dict.fromkeys(("name_1", "email_1", "name_3", "email_3"), ""), "Enter the name of some"),
    ],
)
def test_what_is_wrong_with_a_team_stands_at_its_person(town, site, team, typed, words):
    page = site.post(team, data={**TEAM, **typed})
    assert page.status_code == 422
    assert page.text.count(words) == 2
    assert told(town, "POST") == []


def test_what_bookings_says_of_one_person_stands_at_them(town, site, team):
    fault = {"pointer": "/people/1/email", "code": "x", "detail": "This address is odd."}
    town.refusal = (422, {"title": "No.", "errors": [fault]})
    page = site.post(team, data=TEAM)
    assert page.status_code == 422
    assert 'href="#email_3"' in page.text
    assert 'value="Allan &lt;Dale&gt;"' in page.text


def test_a_theme_that_nobody_knows_is_not_there(site):
    assert site.get("/workstreams/nothing").status_code == 404
    assert site.get("/communities/Nothing%3F").status_code == 404
