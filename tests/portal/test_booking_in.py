"""Somebody without a computer gets a place, and is told by a person what others read."""

import pytest

from portal.coordinator_stand_in import TASK, working
from portal.signing_in import a_key, signed_in

MUCH = {
    "channel": "telephone",
    "name": "Much Miller",
    "phone": "0115 496 0000",
    "wishes": "phone",
    "sector": "unknown",
    "work_field": "other",
    "role_level": "other",
    "area": "nottingham_city",
}


@pytest.fixture
def work(town):
    return working(town)


@pytest.fixture
def robin(site, work):  # noqa: ARG001 - there is something to do
    return signed_in(site, "coordinator", "member")


def test_somebody_who_rang_is_booked_in_without_an_email_address(work, site, robin):
    page = site.get(work.address).text
    assert f"{work.address}/book-in" in page
    assert "#walk-in" in page

    said = {"key": a_key(robin), **MUCH, "needs:support": "A ramp."}
    answer = site.post(f"{work.address}/book-in", data=said, follow_redirects=False)

    assert answer.headers["location"] == f"{work.address}#who"
    assert work.writes[-1] == {**MUCH, "needs": {"support": "A ramp."}}
    assert "Much Miller" in site.get(work.address).text


def test_one_way_to_reach_them_is_needed_and_what_was_typed_is_kept(work, site, robin):
    said = {"key": a_key(robin), **MUCH, "phone": "", "sector": "none"}
    answer = site.post(f"{work.address}/book-in", data=said)
    assert answer.status_code == 422
    assert "Enter an email address, a telephone number" in answer.text
    assert "If you do not know, choose that it is not known" in answer.text
    assert 'value="Much Miller"' in answer.text
    wrong = {**said, "key": a_key(robin), "email": "not one"}
    assert "or leave it empty" in site.post(f"{work.address}/book-in", data=wrong).text


def test_the_group_agreement_is_read_to_them(work, site, robin):
    work.town.booking_form = {"agreement": 3, "questions": []}
    without = site.post(f"{work.address}/book-in", data={"key": a_key(robin), **MUCH})
    assert without.status_code == 422
    said = {"key": a_key(robin), **MUCH, "agreement": "3"}
    site.post(f"{work.address}/book-in", data=said)
    assert work.writes[-1]["agreement"] == 3


def test_what_bookings_refuses_stands_at_its_field(work, site, robin):
    wrong = {"pointer": "/wishes", "code": "x", "detail": "Texts need a mobile."}
    work.town.refusal = (422, {"title": "No", "errors": [wrong]})
    answer = site.post(f"{work.address}/book-in", data={"key": a_key(robin), **MUCH})
    assert '<a href="#wishes">Texts need a mobile.</a>' in answer.text


def test_only_whoever_tells_sees_what_is_to_be_told_and_the_list_names_nobody(work, site):
    signed_in(site, "member")
    assert site.get("/contact").status_code == 403
    for role in ("coordinator", "manager", "beneficiary_ambassador"):
        signed_in(site, role)
        page = site.get("/contact")
        assert "Your place at Hoarding" in page.text
        assert "Miller" not in page.text
        assert "Much &lt;Miller&gt;" in site.get(f"/contact/{TASK}").text
    with work.town.services["notifications"].away():
        assert "cannot be shown just now" in site.get("/contact").text


def test_what_came_of_it_is_written_down(work, site, robin):
    for outcome in ("not_reached", "done"):
        said = {"key": a_key(robin), "outcome": outcome}
        answer = site.post(f"/contact/{TASK}", data=said, follow_redirects=False)
        assert answer.headers["location"] == "/contact"
        assert work.writes[-1] == {"step": "told", "outcome": outcome}
    other = site.post(f"/contact/{TASK}", data={"key": a_key(robin), "outcome": "x"})
    assert other.status_code == 404
    work.town.refusal = (409, {"title": "No", "detail": "Nobody has to tell this any more."})
    late = site.post(f"/contact/{TASK}", data={"key": a_key(robin), "outcome": "done"})
    assert "Nobody has to tell this any more." in late.text
