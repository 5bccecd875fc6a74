"""The operator's pages: how services are, what waits, what was set aside, and telling again."""

from html import unescape

import pytest

from portal.operate_stand_in import operated
from portal.signing_in import a_key, signed_in

PAGES = ("", "/queues", "/set-aside", "/replay", "/letters")


@pytest.fixture
def it(town):
    return operated(town)


@pytest.fixture
def operator(site):
    return signed_in(site, "operator")


@pytest.mark.usefixtures("it")
def test_only_operators_come_in(site):
    for page in PAGES:
        assert site.get(f"/operate{page}").headers["location"].startswith("/sign-in")
    signed_in(site, "member", "coordinator")
    assert {site.get(f"/operate{page}").status_code for page in PAGES} == {403}
    signed_in(site, "operator")
    assert {site.get(f"/operate{page}").status_code for page in PAGES} == {200}


@pytest.mark.usefixtures("it", "operator")
def test_services_are_shown_with_their_reasons(town, site):
    late = {"status": "degraded", "reasons": ["relay has no broker"]}
    town.bookings_service.answers["GET /readyz"] = lambda *_: (200, late)
    no = {"title": "Not now.", "detail": "The database does not answer.", "status": 503}
    town.resources.answers["GET /readyz"] = lambda *_: (503, no)
    with town.reporting.away():
        page = site.get("/operate").text
    assert "Works, but late" in page
    assert "relay has no broker" in page
    assert "The database does not answer." in page
    assert "Does not answer" in page
    assert page.count(">Well<") + page.count("Well\n") == 1


@pytest.mark.usefixtures("it", "operator")
def test_what_waits_is_told_in_numbers_and_a_service_away_costs_its_row_only(town, site):
    with town.bookings_service.away():
        page = site.get("/operate/queues").text
    assert "Does not answer just now. What it has to tell is kept." in page
    assert "1 min" in page
    assert "Held: 1" in page


def test_what_is_set_aside_is_let_in_again_with_one_press(it, site, operator):
    parked_id = it.set_aside("notifications")
    page = unescape(site.get("/operate/set-aside").text)
    assert "Often its sender is newer" in page
    assert "/sector: missing" in page
    sent = {"key": a_key(operator), "resolution": "replayed"}
    done = site.post(f"/operate/set-aside/notifications/{parked_id}", data=sent)
    assert done.status_code == 303
    assert it.decided == {parked_id: "replayed"}
    assert "It is let in again" in site.get(done.headers["location"]).text


def test_giving_up_is_asked_for_twice(it, site, operator):
    parked_id = it.set_aside("reporting", "malformed", routing_key=None, listener=None)
    asked = site.get(f"/operate/set-aside/reporting/{parked_id}")
    assert "cannot be taken back" in asked.text
    assert it.decided == {}
    sent = {"key": a_key(operator), "resolution": "discarded"}
    site.post(f"/operate/set-aside/reporting/{parked_id}", data=sent)
    assert it.decided == {parked_id: "discarded"}
    assert site.get(f"/operate/set-aside/reporting/{parked_id}").status_code == 404


def test_what_somebody_else_decided_meanwhile_is_said(it, site, operator):
    sent = {"key": a_key(operator), "resolution": "replayed"}
    done = site.post(f"/operate/set-aside/bookings/{it.set_aside('reporting')}", data=sent)
    assert "Somebody else has decided" in site.get(done.headers["location"]).text


@pytest.mark.parametrize("resolution", ["", "forgotten"])
def test_another_decision_reaches_no_service(it, site, operator, resolution):
    sent = {"key": a_key(operator), "resolution": resolution}
    path = f"/operate/set-aside/bookings/{it.set_aside('bookings')}"
    assert site.post(path, data=sent).status_code == 404
    assert site.post(path.replace("bookings/", "moon/"), data=sent).status_code == 404
    assert it.decided == {}


def test_a_service_is_asked_to_tell_again_once(it, site, operator):
    sent = {
        "key": a_key(operator),
        "told_by": "bookings",
        "to": "reporting",
        "messages": "EventPublished, EventBooked",
    }
    for _ in range(2):
        assert site.post("/operate/replay", data=sent).status_code == 303
    assert len(set(it.town.bookings_service.keys)) == 1
    assert it.replays["bookings"][0]["messages"] == ["EventPublished", "EventBooked"]
    assert "EventPublished, EventBooked" in site.get("/operate/replay").text


def test_what_no_service_tells_is_said_at_its_field(it, site, operator):
    it.refusal = (
        422,
        {
            "title": "No.",
            "status": 422,
            "errors": [
                {"pointer": "/messages/1", "code": "unknown", "detail": "One of EventBooked."}
            ],
        },
    )
    sent = {"key": a_key(operator), "told_by": "bookings", "to": "reporting"}
    page = site.post("/operate/replay", data=sent | {"messages": "EventBooked Moonrise"})
    assert page.status_code == 422
    assert "This service tells no Moonrise. One of EventBooked." in page.text
    assert 'value="EventBooked Moonrise"' in page.text
    empty = site.post("/operate/replay", data={"key": a_key(operator)})
    assert "Choose who tells it again" in empty.text
    assert "Choose who hears it again" in empty.text


def test_a_letter_that_is_held_goes_out_when_somebody_says_so(it, site, operator):
    letter_id = it.hold_letter()
    it.hold_letter("sent")
    assert "Booking reminder" in site.get("/operate/letters").text
    site.post(f"/operate/letters/{letter_id}", data={"key": a_key(operator)})
    assert it.letters[0]["state"] == "queued"
    assert "There are none" in site.get("/operate/letters?state=held").text
    assert "There are none" in site.get("/operate/letters?state=everything").text


@pytest.mark.usefixtures("it", "operator")
def test_pages_stand_while_services_are_away(town, site):
    for service in town.services.values():
        service.mood = "broken"
    for page in PAGES:
        # Letters are of one service alone.
        assert site.get(f"/operate{page}").status_code == (503 if page == "/letters" else 200)
