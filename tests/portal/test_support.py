"""Experts by experience and their ambassadors: from opting in to what came of it."""

import pytest

from portal.signing_in import a_key, signed_in
from portal.support_stand_in import AMBASSADOR, EXPERT, supported

THEIRS = ("/support", "/support/briefings", "/support/debriefs", "/support/people/new")
OWN = ("/my-part",)


@pytest.fixture
def it(town):
    return supported(town)


@pytest.fixture
def ambassador(site):
    return signed_in(site, "beneficiary_ambassador")


@pytest.fixture
def expert(site):
    return signed_in(site, "expert_by_experience")


@pytest.mark.usefixtures("it")
def test_nobody_else_comes_in(site):
    for path in (*THEIRS, *OWN):
        assert site.get(path).headers["location"].startswith("/sign-in")
    signed_in(site, "member", "coordinator", "operator")
    assert {site.get(path).status_code for path in (*THEIRS, *OWN)} == {403}


@pytest.mark.usefixtures("ambassador")
def test_an_ambassador_sees_what_is_to_be_done_for_whom(it, site):
    it.task("brief", overdue=True)
    it.task("debrief")
    it.task("tell", notice_id=EXPERT, template="expert_what_was_done")
    page = site.get("/support").text
    assert "Tuck Fryer" in page
    assert "It was due on" in page
    assert "Tell them in person: what was done because of them" in page
    assert "Ask how it was" not in site.get("/support/briefings").text
    assert "Talk it through beforehand" not in site.get("/support/debriefs").text


def test_an_ambassador_briefs_and_debriefs(it, site, ambassador):
    sent = {"key": a_key(ambassador), "briefed_on": "2026-10-05", "acknowledged": "yes"}
    missing = site.post(f"{it.path}/briefing", data=sent)
    assert missing.status_code == 422
    assert missing.text.count("Tick this when it is done") >= 3
    ticks = {f"covered_{part}": "yes" for part in ("event", "role", "who_will_be_there")}
    done = site.post(f"{it.path}/briefing", data=sent | ticks)
    assert (done.status_code, done.headers["location"]) == (303, it.path)
    path, body = it.sent[-1]
    assert path.endswith("/briefing")
    assert sorted(body["covered"]) == ["event", "role", "who_will_be_there"]
    assert "On Monday 5 October 2026" in site.get(it.path).text
    asked = {"key": a_key(ambassador), "debriefed_on": "2026-10-15"}
    assert site.post(f"{it.path}/debrief", data=asked).status_code == 303
    assert it.sent[-1][1] == {"debriefed_on": "2026-10-15"}


def test_support_names_the_ambassador_and_how_to_ask_afterwards(it, site, ambassador):
    sent = {"key": a_key(ambassador), "debrief_way": "phone"}
    assert site.post(f"{it.path}/support", data=sent).status_code == 303
    assert it.sent[-1][1] == {
        "debrief_way": "phone",
        "supporter_during": AMBASSADOR,
        "supporter_after": AMBASSADOR,
    }


def test_what_was_paid_and_given_is_sent_in_pence_and_minutes(it, site, ambassador):
    sent = {"key": a_key(ambassador), "thanked_on": "2026-10-16", "pounds": "8.60"}
    assert site.post(f"{it.path}/thanks", data=sent | {"minutes_given": "240"}).status_code == 303
    assert it.sent[-1][1]["expenses_pence"] == 860
    wrong = site.post(f"{it.path}/thanks", data=sent | {"minutes_given": "a while"})
    assert "Enter a number" in wrong.text


def test_what_bookings_refuses_stands_at_its_field_with_all_that_was_typed(it, site, ambassador):
    fault = {"pointer": "/contributed_on", "code": "another-day", "detail": "Not on this day."}
    it.refusal = (422, {"title": "No.", "status": 422, "errors": [fault]})
    sent = {
        "key": a_key(ambassador),
        "contributed_on": "2026-10-14",
        "role": "panel",
        "arnstein_level": "partnership",
    }
    page = site.post(f"{it.path}/contribution", data=sent)
    assert page.status_code == 422
    assert 'href="#contributed_on"' in page.text
    assert "Not on this day." in page.text
    assert 'value="2026-10-14"' in page.text


def test_an_expert_opts_in_for_themselves_and_an_ambassador_for_somebody(it, site, expert):
    path = f"/support/opportunities/{it.opportunity['opportunity_id']}"
    assert "expert_id" not in site.get(path).text
    sent = {"key": a_key(expert), "role": "panel", "involvement": "little"}
    assert site.post(path, data=sent).headers["location"] == "/my-part"
    assert "expert_id" not in it.sent[-1][1]
    other = signed_in(site, "beneficiary_ambassador")
    told = sent | {"key": a_key(other), "expert_id": EXPERT, "told_on": "2026-10-02"}
    assert site.post(path, data=told).headers["location"] == f"/support/people/{EXPERT}"
    assert it.sent[-1][1]["told_on"] == "2026-10-02"
    assert "Choose one" in site.post(path, data={"key": a_key(other)}).text


@pytest.mark.usefixtures("expert")
def test_an_expert_reads_what_happened_because_of_them(it, site):
    it.texts["feedback"] = "The hostel has changed its rules about visitors."
    it.engagement["feedback_given_on"] = "2026-11-20"
    assert "See what happened because of you" in site.get("/my-part").text
    assert "The hostel has changed its rules" in site.get(it.path).text


def test_an_expert_has_no_step_of_an_ambassador(it, site, expert):
    assert "/debrief" not in site.get(it.path).text
    assert site.get(f"{it.path}/debrief").status_code == 404
    sent = {"key": a_key(expert), "debriefed_on": "2026-10-15"}
    assert site.post(f"{it.path}/debrief", data=sent).status_code == 404
    assert it.sent == []


def test_an_expert_says_how_it_was_and_what_an_action_comes_to(it, site, expert):
    it.engagement["contributed_on"] = "2026-10-14"
    sent = {"key": a_key(expert), "listened_to": "5", "valued": "4"}
    assert site.post(f"{it.path}/reflection", data=sent).status_code == 303
    assert it.sent[-1][1] == {"listened_to": 5, "valued": 4}
    path = f"/my-part/actions/{it.actions[0]['action_id']}"
    assert "A hostel lets visitors stay until ten." in site.get(path).text
    assert site.post(path, data={"key": a_key(expert), "effect": "helps"}).status_code == 303
    assert it.sent[-1][1] == {"effect": "helps"}
    assert site.get(f"/my-part/actions/{EXPERT}").status_code == 404


def test_stepping_back_needs_no_reason(it, site, expert):
    assert "Nobody will ask why" in site.get(f"{it.path}/withdrawal").text
    site.post(f"{it.path}/withdrawal", data={"key": a_key(expert)})
    assert it.sent[-1][0].endswith("/withdrawal")


def test_a_concern_goes_to_those_who_deal_with_it(it, site, expert):
    sent = {"key": a_key(expert), "kind": "concern", "text": "One could know whose story it was."}
    assert site.post(f"{it.path}/concern", data=sent | {"anonymous": "yes"}).status_code == 303
    path, body = it.sent[-1]
    session = it.town.events[it.learning_event_id]["sessions"][0]["session_id"]
    assert path == f"/sessions/{session}/concerns"
    assert body["anonymous"] is True


def test_somebody_new_is_added_and_reached_another_way(it, site, ambassador):
    sent = {"key": a_key(ambassador), "preferred_name": "Much", "contact_way": "via_ambassador"}
    assert site.post("/support/people/new", data=sent).headers["location"] == "/support"
    assert it.sent[-1][1] == {"preferred_name": "Much", "contact_way": "via_ambassador"}
    path = f"/support/people/{EXPERT}"
    assert 'value="Tuck Fryer"' in site.get(f"{path}/contact").text
    assert site.post(f"{path}/contact", data=sent).headers["location"] == path
    site.post(f"/support/told/{EXPERT}", data={"key": a_key(ambassador)})
    assert it.sent[-1][0].endswith("/telling")


@pytest.mark.usefixtures("it")
def test_names_stand_in_no_address_and_no_title(site, ambassador):
    del ambassador
    for path in ("/support", f"/support/people/{EXPERT}"):
        page = site.get(path)
        title = page.text.partition("<title>")[2].partition("</title>")[0]
        assert "Tuck" not in title
        assert page.headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("ambassador")
def test_a_title_that_cannot_be_read_costs_only_itself(it, site):
    it.task("brief")
    del it.town.bookings_service.answers["GET /learning-events/*"]
    assert "Talk it through beforehand" in site.get("/support").text
    assert site.get(it.path).status_code == 200


@pytest.mark.usefixtures("ambassador")
def test_without_bookings_the_page_says_so_kindly(it, site):
    with it.town.bookings_service.away():
        page = site.get("/support")
    assert page.status_code == 503
    assert "The booking desk does not answer just now" in page.text
