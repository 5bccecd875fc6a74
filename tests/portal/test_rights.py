"""The data protection lead: requests and their days, two people for a deletion, evidence."""

from uuid import uuid4

import pytest

from portal.rights_stand_in import requested
from portal.signing_in import a_key, signed_in

PAGES = ("/requests", "/requests/new", "/requests/holds", "/requests/holds/new", "/audit")


@pytest.fixture
def it(town):
    return requested(town)


@pytest.fixture
def lead(site):
    return signed_in(site, "data_protection_lead")


@pytest.mark.usefixtures("it")
def test_only_those_whose_work_it_is_come_in(site):
    for page in (*PAGES, "/retention", "/meetings"):
        assert site.get(page).headers["location"].startswith("/sign-in")
    signed_in(site, "member", "evaluator")
    assert {site.get(page).status_code for page in (*PAGES, "/retention", "/meetings")} == {403}
    signed_in(site, "data_protection_lead")
    assert {site.get(page).status_code for page in (*PAGES, "/retention")} == {200}
    signed_in(site, "steering_group")
    assert site.get("/meetings").status_code == 200


@pytest.mark.usefixtures("lead")
def test_what_is_late_stands_first(it, site):
    it.request("access")
    late = it.request(overdue=True, stuck=True)
    page = site.get("/requests").text
    assert page.index(late["request_id"]) < page.index(it.requests[0]["request_id"])
    assert "A service owes an answer" in page
    assert it.requests[0]["request_id"] not in site.get("/requests?state=done").text


@pytest.mark.usefixtures("lead")
def test_a_request_shows_who_owes_an_answer_and_what_can_be_decided(it, site):
    one = it.request(answered=["bookings"], missing=["notifications", "reporting"])
    page = site.get(f"/requests/{one['request_id']}").text
    assert "Notifications, Reporting" in page
    assert "/approval" in page
    held = it.request(held_because=["legal_claim"])
    page = site.get(f"/requests/{held['request_id']}").text
    assert "/approval" not in page
    done = it.request(state="done")
    assert "What to do" not in site.get(f"/requests/{done['request_id']}").text


def test_a_deletion_is_approved_on_a_page_of_its_own(it, site, lead):
    path = f"/requests/{it.request()['request_id']}/approval"
    assert "This cannot be taken back" in site.get(path).text
    assert it.sent == []
    assert site.post(path, data={"key": a_key(lead)}).status_code == 303
    assert it.sent[-1][0].endswith("/approval")


def test_whoever_wrote_it_down_cannot_approve_it_alone(it, site, lead):
    words = "Somebody else has to agree: you wrote it down."
    it.refusal = (409, {"title": "No.", "detail": words, "status": 409})
    page = site.post(f"/requests/{it.request()['request_id']}/approval", data={"key": a_key(lead)})
    assert page.status_code == 422
    assert words in page.text


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("identity", {"identity_checked": "document"}),
        ("extension", {"reason_code": "complex"}),
        ("refusal", {"reason_code": "unfounded"}),
    ],
)
def test_each_decision_says_why(it, site, lead, step, said):
    path = f"/requests/{it.request(state='identity')['request_id']}/{step}"
    assert "Choose one" in site.post(path, data={"key": a_key(lead)}).text
    assert site.post(path, data={"key": a_key(lead)} | said).status_code == 303
    assert it.sent[-1][1] == said
    assert site.get(path.replace(step, "moon")).status_code == 404


def test_a_request_by_telephone_is_written_down(it, site, lead):
    sent = {"key": a_key(lead), "kind": "access", "email": "marian@greenwood.example.org"}
    assert site.post("/requests/new", data=sent).headers["location"] == "/requests"
    assert it.sent[-1][1] == {"kind": "access", "email": "marian@greenwood.example.org"}
    assert "Enter a few words" in site.post("/requests/new", data={"key": a_key(lead)}).text


def test_somebody_is_held_on_to_and_let_go(it, site, lead):
    person_id = str(uuid4())
    sent = {"key": a_key(lead), "person_id": person_id, "because": "legal_claim"}
    assert site.post("/requests/holds/new", data=sent).status_code == 303
    assert it.sent[-1][1]["person_id"] == person_id
    hold_id = it.holds[0]["hold_id"]
    site.post(f"/requests/holds/{hold_id}", data={"key": a_key(lead)})
    assert it.sent[-1][0] == f"/erasure-holds/{hold_id}/release"


@pytest.mark.usefixtures("lead")
def test_the_schedule_stands_beside_the_evidence_and_one_service_costs_its_part(it, site):
    with it.town.services["notifications"].away():
        page = site.get("/retention").text
    assert page.count("How often somebody asked of late") == 3
    assert ">41<" in page
    assert "It deletes what is due when it is back" in page


def test_who_read_what_can_be_asked_of_one_person_without_an_address(it, site, lead):
    theirs, other = it.read("bookings"), it.read("resources", kind="profile")
    page = site.get("/audit").text
    assert "Needs, in bookings" in page
    assert "Profile, in resources" in page
    found = site.post("/audit", data={"key": a_key(lead), "of": theirs["of_id"]})
    assert str(found.url).endswith("/audit")
    assert other["of_id"] not in found.text
    wrong = site.post("/audit", data={"key": a_key(lead), "of": "<b>moon</b>"})
    assert "This is no number" in wrong.text
    assert "<b>moon" not in wrong.text


@pytest.mark.usefixtures("it")
def test_meetings_come_with_papers_that_lead_somewhere_safe(site):
    signed_in(site, "steering_group")
    page = site.get("/meetings").text
    assert 'href="https://papers.example.org/agenda"' in page
    assert "javascript:" not in page
    assert "7 came, 2 sent apologies. 1 thing was agreed to do." in page
