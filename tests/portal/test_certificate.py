"""A certificate on paper and on the screen: what it says, to whom, and when it holds no more."""

import pytest

from portal.certificate_stand_in import CODE, certificate_of
from portal.stand_in import TOKEN

PAGE, OWN = f"/certificates/{CODE}", f"/b/{TOKEN}/certificate"


@pytest.fixture(autouse=True)
def an_event(town):
    return town.announce()


def test_a_certificate_says_what_it_is_for_and_who_provided_it(town, site):
    certificate_of(town)
    page = site.get(PAGE).text
    for said in (
        "M. F.",
        "Hoarding: behind the door",
        "provided by the Practice Development Unit, Nottingham",
        "Thursday 14 January 2027",
        "6.5",
        CODE,
    ):
        assert said in page
    assert "Marian" not in page


def test_a_withdrawn_certificate_says_so_and_counts_no_hours(town, site):
    certificate_of(town, state="withdrawn", days=[], hours=0)
    page = site.get(PAGE).text
    assert "This certificate has been withdrawn" in page
    assert "Hours" not in page


@pytest.mark.parametrize("code", ["x", "A" * 24, "a" * 23, "mfzwiy3pnvsxe2lbnqqgc3ti"])
def test_a_code_that_is_none_is_not_there(town, site, code):
    certificate_of(town)
    assert site.get(f"/certificates/{code}").status_code in {404, 422}


def test_its_holder_asks_for_it_and_chooses_who_sees_the_name(town, site):
    certificate_of(town, asked_for=False)
    assert "Make my certificate" in site.get(OWN).text
    made = site.post(OWN, data={}, follow_redirects=True).text
    assert "Marian Fitzwalter" in made
    assert "sees your initials only" in made
    shown = site.post(OWN, data={"show_name": "yes"}, follow_redirects=True).text
    assert "Whoever has the code sees your name." in shown


def test_who_has_not_come_to_enough_is_told_kindly(town, site):
    certificate_of(town, asked_for=False)
    town.refusal = (409, {"title": "Not now", "status": 409, "detail": "Please tell us."})
    answer = site.post(OWN, data={})
    assert (answer.status_code, "Please tell us." in answer.text) == (409, True)


def test_a_booking_whose_event_has_begun_leads_to_the_certificate(town, site):
    event = next(iter(town.events.values()))
    assert OWN not in site.get(f"/b/{TOKEN}").text
    event["sessions"][0]["starts_at"] = "2026-01-14T13:00:00+00:00"
    assert OWN in site.get(f"/b/{TOKEN}").text


@pytest.mark.parametrize("typed", [CODE, f" {CODE.upper()} ", "-".join(CODE)])
def test_whoever_is_shown_a_certificate_types_its_code(town, site, typed):
    certificate_of(town)
    found = site.get("/check", params={"code": typed})
    assert (found.status_code, found.headers["location"]) == (303, PAGE)
    assert site.get(f"/check/{CODE}").headers["location"] == PAGE


@pytest.mark.parametrize("typed", ["", "1" * 24, CODE[:-1], "<script>"])
def test_what_is_no_code_is_asked_for_again(site, typed):
    assert "Check a certificate" in site.get("/check").text
    page = site.get("/check", params={"code": typed})
    assert page.status_code == 422
    assert page.text.count("Enter the code as it is printed") == 2
    assert "<title>Error: Check a certificate" in page.text
    assert site.get("/check/no-code").status_code == 404
