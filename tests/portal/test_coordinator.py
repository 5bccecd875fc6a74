"""The coordinator's desk: who may sit at it, and what it says when a service does not answer."""

import re

import pytest

from portal.coordinator_stand_in import pages, working
from portal.signing_in import a_key, signed_in

REFUSED = (
    422,
    {
        "title": "That will not do",
        "errors": [{"pointer": "/purpose", "code": "missing", "detail": "Say what it is for."}],
    },
)


@pytest.fixture
def work(town):
    return working(town)


@pytest.fixture
def robin(site, work):  # noqa: ARG001 - there is something to do
    return signed_in(site, "coordinator", "member")


def test_every_page_is_for_coordinators_alone(work, site):
    for name, path in pages(work).items():
        asked = site.get(path, follow_redirects=False)
        assert asked.status_code == 303, name
        assert asked.headers["location"].startswith("/sign-in?to="), name
    signed_in(site, "member")
    for name, path in pages(work).items():
        assert site.get(path).status_code == 403, name


@pytest.mark.usefixtures("robin")
def test_every_page_has_one_heading_and_is_kept_by_nobody(work, site):
    for name, path in pages(work).items():
        shown = site.get(path)
        assert shown.status_code == 200, (name, shown.text[:2000])
        assert shown.text.count("<h1") == 1, name
        assert shown.headers["cache-control"] == "no-store", name
        assert not re.search(r"\sstyle=|\son\w+=|<script(?! src)", shown.text), name


@pytest.mark.usefixtures("robin")
def test_what_people_typed_is_shown_as_text(work, site):
    for path in pages(work).values():
        shown = site.get(path).text
        for danger in ("<Patel>", "<in>", "<sheet>", "<nights>", "<now>", "<stays>"):
            assert danger not in shown


@pytest.mark.usefixtures("robin")
@pytest.mark.parametrize("away", ["bookings", "resources", "notifications"])
def test_a_service_away_costs_its_part_of_the_day(work, site, away):
    with work.town.services[away].away():
        shown = site.get("/coordinate")

    assert shown.status_code == 200
    assert "Today" in shown.text


@pytest.mark.usefixtures("robin")
def test_a_form_from_elsewhere_changes_nothing(work, site):
    said = {"key": "made-up", "what": "plan"}

    answer = site.post("/coordinate/suggestions/00000000-0000-0000-0000-000000000005", data=said)

    assert "press once more" in answer.text
    assert work.writes == []


def test_a_draft_says_what_it_lacks_and_a_refusal_stands_at_its_field(work, site, robin):
    work.event.update(state="draft", stage="draft", purpose=None, outcomes=["One"])
    shown = site.get(work.address).text
    assert "Before it can be published" in shown
    assert '<a href="#purpose">' in shown

    work.town.refusal = REFUSED
    answer = site.post(f"{work.address}/publish", data={"key": a_key(robin)})

    assert answer.status_code == 422
    assert "Say what it is for." in answer.text


def test_an_event_is_published_copied_moved_and_cancelled(work, site, robin):
    work.event.update(state="draft", stage="draft")
    site.post(f"{work.address}/publish", data={"key": a_key(robin)})
    assert work.event["state"] == "published"

    when = {"day": "2027-02-01", "starts": "13:00", "ends": "16:00", "mode": "online"}
    said = {**when, "place": "A call", "capacity": "30", "key": a_key(robin)}
    copied = site.post(f"{work.address}/copy", data=said, follow_redirects=False)
    assert copied.status_code == 303
    assert not copied.headers["location"].endswith(work.event_id)

    said |= {"key": a_key(robin), "session_id": work.session_id, "capacity_was": "24"}
    site.post(f"{work.address}/move", data=said)
    assert work.writes[-2:] == [
        {
            "path": f"/sessions/{work.session_id}",
            "starts_at": "2027-02-01T13:00",
            "ends_at": "2027-02-01T16:00",
            "mode": "online",
            "place": "A call",
        },
        {"path": f"/sessions/{work.session_id}/capacity", "capacity": 30},
    ]

    without = {"key": a_key(robin), "what": "cancel", "reason": ""}
    assert "Choose why" in site.post(f"{work.address}/cancel", data=without).text
    site.post(f"{work.address}/cancel", data={**without, "key": a_key(robin), "reason": "weather"})
    assert work.event["state"] == "cancelled"


def test_a_new_event_keeps_what_was_typed_while_bookings_is_away(work, site, robin):
    said = {"key": a_key(robin), "title": "A new one", "outcomes": "One\nTwo", "day": "2027-02-01"}
    assert (
        "Enter what the event is called"
        in site.post("/coordinate/events/new", data={**said, "title": ""}).text
    )
    with work.town.services["bookings"].away():
        kept = site.post("/coordinate/events/new", data=said)

    assert kept.status_code == 503
    assert 'value="A new one"' in kept.text
    made = site.post(
        "/coordinate/events/new", data={**said, "key": a_key(robin)}, follow_redirects=False
    )
    assert made.headers["location"] == work.address


def test_somebody_who_waits_is_put_first_and_an_offer_is_taken_for_them(work, site, robin):
    booking = work.booking("Dev <Patel>")
    for what, step in (("first", "first"), ("accept", "booking"), ("cancel", "booking")):
        said = {"key": a_key(robin), "booking_id": booking, "what": what}
        answer = site.post(f"{work.address}/waiting", data=said, follow_redirects=False)
        assert answer.status_code == 303
        assert work.writes[-1]["step"] == step


def test_a_suggestion_is_worded_decided_and_answered(work, site, robin):
    at = "/coordinate/suggestions/00000000-0000-0000-0000-000000000005"
    for said in (
        {"what": "word", "wording": "Pets in hostels"},
        {"what": "plan"},
        {"what": "decline", "reason": "Not now"},
        {"what": "answer", "text": "Thank you"},
    ):
        answer = site.post(at, data={**said, "key": a_key(robin)}, follow_redirects=False)
        assert answer.status_code == 303, said
    assert [min(one) for one in work.writes] == ["step", "decision", "decision", "step"]


def test_what_was_brought_is_published_in_one_step_and_what_is_right_stays(work, site, robin):
    said = {"key": a_key(robin), "what": "publish"}
    site.post("/coordinate/library/our-sheet", data=said)
    assert [one["step"] for one in work.writes] == ["submission", "item"]

    site.post("/coordinate/library/gp-card", data={"key": a_key(robin), "what": "right"})
    paths = [path for _, path, _ in work.town.resources.asked]
    assert "/items/gp-card/review" in paths


def test_nobodys_name_stands_in_an_address(work, site, robin):
    found = site.post("/coordinate/people", data={"key": a_key(robin), "who": "Marsh"})

    assert "Ada Marsh" in found.text
    assert all(
        "Marsh" not in path for one in work.town.services.values() for _, path, _ in one.asked
    )
    letters = site.get(re.search(r'href="(/coordinate/people/[^"]+)"', found.text)[1])
    assert "Your place on Thursday" in letters.text


def test_an_issue_is_written_checked_and_approved(work, site, robin):
    shown = site.get("/coordinate/bulletins/winter").text
    assert "A link says where it leads." in shown
    assert "612 people" in shown

    said = {"key": a_key(robin), "version": "3", "title": "Winter", "headline": "Cold nights."}
    out = {"out:00000000-0000-0000-0000-000000000009": "yes"}
    site.post("/coordinate/bulletins/winter", data={**said, **out})
    assert work.issue["texts"]["headline"] == "Cold nights."
    assert work.issue["left_out"] == ["00000000-0000-0000-0000-000000000009"]

    work.town.refusal = (409, {"title": "No", "detail": "Somebody else has to approve it."})
    said = {"key": a_key(robin), "version": "4", "state": "approved"}
    refused = site.post("/coordinate/bulletins/winter/state", data=said)
    assert "Somebody else has to approve it." in refused.text
    assert work.issue["state"] == "draft"


def test_a_letter_that_is_held_is_let_go(work, site, robin):
    at = "/coordinate/letters/00000000-0000-0000-0000-000000000008"
    site.post(at, data={"key": a_key(robin), "what": "release"})

    assert work.writes[-1]["step"] == "letter"
    assert work.town.notifications.asked[-1][1].endswith("/release")


@pytest.mark.usefixtures("robin", "work")
def test_what_people_answered_is_shown_as_reporting_counts_it_and_what_is_withheld_says_so(site):
    shown = site.get("/coordinate/surveys/post_event").text

    assert "32 responses" in shown
    assert "62%" in shown
    assert shown.count("[c]</td>") == 2


def test_a_survey_is_made_of_questions_of_the_bank(work, site, robin):
    said = {"key": a_key(robin), "title": "Spring"}
    assert "Choose at least one question" in site.post("/coordinate/surveys", data=said).text

    said |= {"key": a_key(robin), "ask:core.understanding": "yes"}
    made = site.post("/coordinate/surveys", data=said, follow_redirects=False)
    assert made.headers["location"] == "/coordinate/surveys/spring"
    assert work.town.resources.asked[-1][2]["questions"] == ["core.understanding"]

    said |= {"key": a_key(robin), "wording": "Which bus?", "options": "39\n40"}
    site.post("/coordinate/surveys", data=said)
    (_, _, question), (_, _, survey) = work.town.resources.asked[-2:]
    assert [one["label"] for one in question["options"]] == ["39", "40"]
    assert survey["questions"] == ["core.understanding", question["code"]]


def test_a_change_is_verified_and_coded_and_keeps_what_was_coded_before(work, site, robin):
    at = "/coordinate/impact/00000000-0000-0000-0000-000000000004"
    site.post(at, data={"key": a_key(robin), "what": "verify"})
    said = {"what": "code", "version": "2", "level": "system", "expectedness": "expected"}
    said |= {"kind": "emergent", "contribution_class": "partnership", "evidence": "interview"}
    site.post(at, data={**said, "key": a_key(robin)})

    assert [one["step"] for one in work.writes] == ["impact", "impact"]
    assert work.writes[-1]["aims"] == ["welcoming"]
    assert work.writes[-1]["evidence"] == ["interview"]
    work.town.refusal = (409, {"title": "No", "detail": "Somebody else has to verify it."})
    refused = site.post(at, data={"key": a_key(robin), "what": "verify"})
    assert "Somebody else has to verify it." in refused.text


def test_somebody_is_asked_to_speak(work, site, robin):
    said = {"name": "Will", "email": "will@example.org", "role": "speaker"}
    said |= {"session_id": work.session_id, "key": a_key(robin)}
    site.post(f"{work.address}/speakers", data=said)

    assert work.writes[-1]["speakers"][0]["email"] == "will@example.org"


@pytest.mark.usefixtures("robin")
def test_an_issue_without_a_picture_says_so(work, site):
    none = (409, {"title": "No", "detail": "There is no Chromium here."})
    path = "GET /bulletins/winter/preview/picture"
    work.town.notifications.answers[path] = lambda *_: none

    assert "There is no Chromium here." in site.get("/coordinate/bulletins/winter/picture").text
