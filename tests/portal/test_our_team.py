"""What managers do for their people: ask them to come, and keep what was promised."""

import re

import pytest

from portal.signing_in import a_key, signed_in
from portal.team_stand_in import YEAR, managing

NEW = "/our-team/promises/new"


@pytest.fixture
def team(town):
    town.announce()
    return managing(town)


@pytest.fixture
def manager(site):
    return signed_in(site, "manager", "member")


@pytest.fixture
def event(team):
    return f"/our-team/{next(iter(team.town.events))}"


def test_only_those_who_manage_come_in(site, event):
    for page in ("/our-team", event, NEW):
        assert site.get(page).headers["location"].startswith("/sign-in")
    signed_in(site, "member", "evaluator")
    assert {site.get(page).status_code for page in ("/our-team", event, NEW)} == {403}
    for role in ("manager", "organisation_lead"):
        signed_in(site, role)
        assert {site.get(page).status_code for page in ("/our-team", event, NEW)} == {200}


def test_a_colleague_is_asked_and_only_numbers_come_back(site, team, event, manager):
    typed = {"name": "Allan Dale", "email": "allan@trent.example.org", "key": a_key(manager)}
    answer = site.post(event, data=typed)
    assert answer.headers["location"] == "/our-team?said=yes"
    assert "The letter is on its way" in site.get("/our-team?said=yes").text
    assert team.asked == [{"name": "Allan Dale", "email": "allan@trent.example.org"}]
    shown = site.get(event).text
    assert "You have asked 1 so far" in shown
    assert "Allan" not in shown


def test_what_bookings_refuses_stands_at_its_field(site, team, event, manager):
    fault = {"pointer": "/email", "code": "email", "detail": "Write an address like a@example.org."}
    team.town.refusal = (422, {"title": "No.", "status": 422, "errors": [fault]})
    answer = site.post(event, data={"name": "Allan", "email": "allan", "key": a_key(manager)})
    assert answer.status_code == 422
    assert answer.text.count("Write an address like a@example.org.") == 2
    assert 'value="allan"' in answer.text


def test_a_promise_is_made_for_a_year_and_seen_with_what_was_kept(site, team, manager):
    typed = {"organisation": "Greenwood Housing", "kind": "send_staff", "project_year": YEAR}
    wrong = site.post(NEW, data={**typed, "promised": "2.5", "key": a_key(manager)})
    assert "Enter a whole number" in wrong.text
    site.post(NEW, data={**typed, "promised": "8", "key": a_key(manager)})
    [promise] = team.promises
    assert promise["promised"] == 8
    page = site.get("/our-team").text
    assert "Year 10" in page
    assert "Greenwood Housing" in page


@pytest.mark.usefixtures("manager")
def test_a_service_that_is_away_takes_only_its_part(site, team):
    with team.town.resources.away():
        page = site.get("/our-team")
    assert page.status_code == 200
    assert "cannot be shown" in page.text
    assert "Ask a colleague" in page.text


@pytest.mark.usefixtures("manager", "team")
def test_those_who_manage_see_how_many_came_and_not_where_few_did(site):
    rows = re.findall(r"<tr>.*?</tr>", site.get("/our-team").text, re.DOTALL)
    [some], [few] = ([row for row in rows if year in row] for year in ("Year 8", "Year 9"))
    assert re.findall(r">(\d+)</td>", some) == ["12", "31"]
    assert "not a whole year" in some
    assert few.count("[c]") == 2


@pytest.mark.usefixtures("manager")
def test_an_account_without_an_organisation_is_told_so_and_a_service_away_too(site, team):
    team.town.reporting.answers.pop("GET /own-organisation")
    assert "not with an organisation that we know" in site.get("/our-team").text
    with team.town.reporting.away():
        assert "How many of you came cannot be shown" in site.get("/our-team").text
