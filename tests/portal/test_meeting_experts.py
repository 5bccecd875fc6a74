"""Where experts meet, what they prepared themselves with, and who sits where on the day."""

import pytest

from portal.coordinator_stand_in import working
from portal.signing_in import a_key, signed_in
from portal.support_stand_in import EXPERT, MEETING, supported

PAGE = "/support/meetings"
ONE = f"{PAGE}/{MEETING['meeting_id']}"


@pytest.fixture
def it(town):
    return supported(town)


@pytest.mark.usefixtures("it")
def test_those_who_share_see_the_day_and_the_place_and_nothing_else(site):
    signed_in(site, "member")
    assert site.get(PAGE).status_code == 403
    signed_in(site, "expert_by_experience")
    page = site.get(PAGE).text
    assert "Sneinton &lt;Hermitage&gt;" in page
    assert "For: women." in page
    assert "came out of it" not in page
    assert site.get(ONE).status_code == 403
    assert "Arrange a meeting" not in page


def test_an_ambassador_arranges_a_meeting_and_writes_what_came_out_of_it(it, site):
    viewer = signed_in(site, "beneficiary_ambassador")
    empty = site.post(f"{PAGE}/new", data={"key": a_key(viewer)})
    assert (empty.status_code, "Enter the day" in empty.text) == (422, True)
    said = {"composition": "mixed", "on": "2027-05-04", "begins": "10:00", "ends": "12:00",
            "place": "Castle Gate"}  # fmt: skip
    site.post(f"{PAGE}/new", data={"key": a_key(viewer), **said})
    assert it.sent[-1][1] == {
        "composition": "mixed", "starts_at": "2027-05-04T10:00", "ends_at": "2027-05-04T12:00",
        "place": "Castle Gate",
    }  # fmt: skip
    assert site.get(ONE).status_code == 200, "nothing is written down yet"
    site.post(ONE, data={"key": a_key(viewer), "text": "Waiting rooms."})
    assert it.sent[-1] == (f"/lived-experience/meetings/{MEETING['meeting_id']}/outputs",
                           {"text": "Waiting rooms."})  # fmt: skip


def test_a_coordinator_reads_what_came_out_and_is_told_that_it_is_noted(it, site):
    it.texts["outputs"] = "Waiting <rooms>."
    signed_in(site, "coordinator")
    page = site.get(ONE).text
    assert "Waiting &lt;rooms&gt;." in page
    assert "That you looked at this is written down." in page
    assert "<textarea" not in page


def test_what_somebody_prepared_themselves_with_is_noted(it, site):
    viewer = signed_in(site, "beneficiary_ambassador")
    here = f"/support/people/{EXPERT}"
    assert "Deciding what to share, Monday 14 September 2026" in site.get(here).text
    said = {"kind": "speaking_in_a_group", "taken_on": "2026-10-01"}
    answer = site.post(
        f"{here}/training", data={"key": a_key(viewer), **said}, follow_redirects=False
    )
    assert answer.headers["location"] == here
    assert it.sent[-1] == (f"/lived-experience/experts/{EXPERT}/trainings", said)


def test_tables_are_proposed_with_names_and_two_are_kept_apart_without_why(town, site):
    work = working(town)
    robin = signed_in(site, "coordinator", "member")
    here = f"{work.address}/seating/{work.session_id}"
    page = site.get(f"{here}?tables=2&seats=8").text
    assert page.count("<h2>Table ") == 2
    assert "Dev &lt;Patel&gt;" in page
    assert "Somebody who contributes" in page
    assert site.get(f"{here}?tables=many&seats=0").status_code == 200
    one, other = work.booking("Ada Marsh"), work.booking("Ben Okafor")
    alone = site.post(here, data={"key": a_key(robin), "one_id": one})
    assert "Choose two people" in alone.text
    pair = {"one_id": one, "other_id": other, "tables": "2", "seats": "8"}
    answer = site.post(here, data={"key": a_key(robin), **pair}, follow_redirects=False)
    assert answer.headers["location"] == f"{here}?tables=2&seats=8"
    assert "Ada Marsh and Ben Okafor" in site.get(here).text
    site.post(here, data={"key": a_key(robin), "what": "remove", **pair})
    assert work.apart == []


def test_a_room_that_is_too_small_says_so(town, site):
    work = working(town)
    signed_in(site, "coordinator", "member")
    work.town.refusal = (409, {"title": "No", "detail": "There are more people than seats."})
    page = site.get(f"{work.address}/seating/{work.session_id}?tables=1&seats=2")
    assert (page.status_code, "There are more people than seats." in page.text) == (200, True)
    elsewhere = f"{work.address}/seating/018f0000-0000-7000-8000-0000000000ff"
    assert site.get(elsewhere).status_code == 404
