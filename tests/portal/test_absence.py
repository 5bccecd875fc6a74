"""Why nobody comes from an organisation: what was said, written down, and counted."""

import re

import pytest

from portal.coordinator_stand_in import ORGANISATION, working
from portal.signing_in import a_key, signed_in

ALL = "/coordinate/organisations"
ONE = f"{ALL}/{ORGANISATION['organisation_id']}/absence"


@pytest.fixture(autouse=True)
def work(town):
    return working(town)


@pytest.fixture
def coordinator(site):
    return signed_in(site, "coordinator")


@pytest.mark.usefixtures("coordinator")
def test_reasons_are_counted_for_those_who_never_came_and_those_who_came_once(site):
    page = site.get(ALL).text
    [cover] = (row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "stand in" in row)
    assert "[c]" in cover
    assert ">7</td>" in cover
    assert "Nobody has asked them yet" in page
    assert "Lantern &lt;Service&gt;" in page


@pytest.mark.usefixtures("coordinator")
def test_an_organisation_is_looked_for_by_its_name(site, town):
    site.get(f"{ALL}?q=Lantern%20%26")
    asked = [path for _, path, _ in town.resources.asked if path.startswith("/organisations")]
    assert asked == ["/organisations?limit=50&text=Lantern+%26"]


def test_what_was_said_is_written_down_in_the_place_of_what_was_said_before(
    site, work, coordinator
):
    before = site.get(ONE).text
    assert re.search(r'name="times"[^>]* checked', before)
    assert 'value="2026-11-02"' in before
    said = {"no_cover": "yes", "cost": "yes", "asked_on": "2026-11-20", "key": a_key(coordinator)}
    assert site.post(ONE, data=said).headers["location"] == ALL
    [kept] = work.writes
    assert kept["reasons"] == ["no_cover", "cost"]
    assert kept["asked_on"] == "2026-11-20"


def test_no_reason_is_no_answer(site, work, coordinator):
    answer = site.post(ONE, data={"asked_on": "2026-11-20", "key": a_key(coordinator)})
    assert answer.status_code == 422
    assert "Tick at least one reason" in answer.text
    assert work.writes == []


def test_only_coordinators_see_it(site):
    signed_in(site, "member", "manager")
    assert {site.get(page).status_code for page in (ALL, ONE)} == {403}


@pytest.mark.usefixtures("coordinator")
@pytest.mark.parametrize("service", ["resources", "reporting"])
def test_a_service_that_is_away_takes_only_its_part(site, town, service):
    with town.services[service].away():
        page = site.get(ALL)
    assert page.status_code == 200
    assert "cannot be shown" in page.text
