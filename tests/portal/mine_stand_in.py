"""What the stand-ins of the services know of somebody who has signed in."""

from datetime import timedelta

from portal.stand_in import Town, now

BOOKING = "018f0000-0000-7000-8000-0000000000b1"
OFFERED = "018f0000-0000-7000-8000-0000000000b2"
EVENT = "018f0000-0000-7000-8000-0000000000e1"
ACTION = "018f0000-0000-7000-8000-0000000000a7"
NOTE = "018f0000-0000-7000-8000-0000000000a8"
SURVEY = "018f0000-0000-7000-8000-0000000000c1"
REQUEST = "018f0000-0000-7000-8000-0000000000d1"


UNTIL = "2027-07-01T09:00:00Z"


def a_booking(
    booking_id: str = BOOKING, *, title: str = "Hoarding: behind the <door>", **changes: object
) -> dict:
    starts = now() + timedelta(days=20)
    session = {"session_id": NOTE, "starts_at": starts.isoformat(), "mode": "online"}
    session["ends_at"] = (starts + timedelta(hours=2)).isoformat()
    event = {"learning_event_id": EVENT, "title": title, "sessions": [session]}
    said = {"booking_id": booking_id, "state": "confirmed", "can": ["cancel"]}
    return {**said, "position": None, "offer_expires_at": None, "learning_event": event} | changes


def learned(kind: str, ref: str, title: str, **changes: object) -> dict:
    said = {"kind": kind, "ref": ref, "title": title, "minutes": 25}
    return said | {"started_at": None, "completed_at": None, "code": None} | changes


def at_home(town: Town) -> Town:
    """Somebody with a place, an offer, a module half read, an action, and an account."""
    done = now().isoformat()
    profile = {
        "name": "Marian Leaford", "address": "marian@greenwood.example.org",
        "organisation": "Greenwood Housing", "sector": "voluntary",
        "work_field": "mental_health", "role_level": "front_line", "area": "nottingham_city",
        "interests": [],
    }  # fmt: skip
    activity = {
        "learned": [
            learned("module", "tic-introduction", "Trauma informed care", started_at=done),
            learned("module", "tic-spaces", "Spaces", completed_at=done, code="KM-4F7"),
            learned("module", "tic-words", "Words", completed_at=done),
            learned("learning_event", EVENT, "Cuckooing", completed_at=done, code="pdu-cert-777"),
        ],
        "reflections": {"entries": 2, "latest_on": "2026-05-04"},
    }
    step = {
        "place": 1,
        "kind": "module",
        "ref": "tic-introduction",
        "title": "Trauma",
        "done": True,
    }
    ways = {
        "under_way": [
            {"pathway_key": "new-to-outreach", "title": "New to outreach", "steps": [step]}
        ],
        "suggested": [{"pathway_key": "for-managers", "title": "For managers", "minutes": 90}],
    }
    action = {
        "action_id": ACTION, "what": "Change our <welcome> letter", "due_on": "2026-12-01",
        "state": "intended", "percent": 0, "overdue": True, "version": 3, "note": None,
    }  # fmt: skip
    lists = [
        {"list": one, "state": "active" if one == "bulletin" else None, "since": None}
        for one in ("bulletin", "alerts", "surveys")
    ]
    request = {
        "request_id": REQUEST, "kind": "access", "state": "done", "received_on": "2026-11-01",
        "due_on": "2026-12-01", "held_because": [],
    }  # fmt: skip
    consent = {
        "purpose": "photos", "label": "Photographs", "wording": "You may show me.",
        "given_at": done, "withdrawn_at": None,
    }  # fmt: skip
    waits = {
        "invitation_id": SURVEY, "survey_key": "post_event", "title": "After the <event>",
        "event_title": "Cuckooing", "questions": 9, "begun": False, "closes_at": UNTIL,
        "learning_event_id": EVENT,
    }  # fmt: skip
    question = {
        "code": "core.helped", "type": "single", "wording": "Did it help?",
        "options": [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}],
    }  # fmt: skip
    survey = {
        "survey": {"survey_key": "post", "title": "After the <event>", "questions": [question]},
        "answered": False, "closes_at": UNTIL, "learning_event_id": EVENT,
    }  # fmt: skip
    brought = [{"item_key": "our-sheet", "title": "Our <sheet>", "state": "submitted"}]
    note = {"reflection_id": NOTE, "text": "First.\n<Then>.", "happened_on": "2026-05-04"}
    town.resources.answers |= {
        "GET /my-activity": lambda *_: (200, activity),
        "GET /my-pathways": lambda *_: (200, ways),
        "GET /actions/mine": lambda *_: (200, {"items": [action]}),
        f"GET /actions/{ACTION}": lambda *_: (200, action),
        f"PUT /actions/{ACTION}/progress": lambda *_: town.refusal or (200, {}),
        "GET /submissions/mine": lambda *_: (200, {"items": brought}),
        "POST /submissions": lambda *_: (
            town.refusal or (201, {"item_key": "our-sheet", "state": "submitted"})
        ),
        "GET /own/surveys": lambda *_: (200, {"items": [waits]}),
        f"GET /own/surveys/{SURVEY}": lambda *_: (200, survey),
        f"POST /own/surveys/{SURVEY}/responses": lambda *_: (
            town.refusal or (200, {"response_id": NOTE})
        ),
        "GET /members/me": lambda *_: (200, profile),
        "PATCH /members/me": lambda *_: town.refusal or (200, profile),
        "DELETE /members/me": lambda *_: (204, {}),
        "GET /consents": lambda *_: (200, {"items": [consent]}),
        "DELETE /consents/photos": lambda *_: (204, {}),
        "POST /rights-requests": lambda _p, _q, body: (
            town.refusal or (201, {**request, "kind": body["kind"], "state": "working"})
        ),
        f"GET /rights-requests/{REQUEST}": lambda *_: (200, request),
        f"POST /rights-requests/{REQUEST}/link": lambda *_: (
            town.refusal or (200, {"path": "/data-archives/once", "expires_at": done})
        ),
        "GET /data-archives/once": lambda *_: (200, "the copy"),
        "GET /modules/tic-spaces/certificate/paper": lambda *_: (200, "%PDF"),
        "GET /learning-record": lambda *_: (200, "a,b"),
        "GET /reflections": lambda *_: (200, {"items": [note], "next": NOTE}),
        "POST /reflections": lambda *_: town.refusal or (201, {"reflection_id": NOTE}),
        f"DELETE /reflections/{NOTE}": lambda *_: (204, {}),
    }
    task = {"kind": "debrief", "due_on": "2026-12-01", "learning_event_id": EVENT, "overdue": True}
    belongs = {"membership_id": NOTE, "community": "housing_first", "state": "invited"}
    link = {"session_id": NOTE, "joining_link": "https://meet.example.org/hoarding"}
    offered = {"can": ["accept", "decline"], "state": "offered", "offer_expires_at": UNTIL}
    bookings = {
        BOOKING: a_booking(join_online=[link]),
        OFFERED: a_booking(OFFERED, title="What makes a good hostel?", **offered),
    }

    def answer_offer(_path: str, _query: dict, body: dict) -> tuple[int, object]:
        if not town.refusal:
            state = "confirmed" if body["accept"] else "offer_declined"
            bookings[OFFERED].update(state=state, can=[], offer_expires_at=None)
        return town.refusal or (200, bookings[OFFERED])

    town.bookings_service.answers |= {
        "GET /own/bookings": lambda *_: (200, {"items": list(bookings.values())}),
        f"GET /bookings/{BOOKING}": lambda *_: (200, bookings[BOOKING]),
        f"GET /bookings/{OFFERED}": lambda *_: (200, bookings[OFFERED]),
        f"POST /bookings/{OFFERED}/offer": answer_offer,
        f"PUT /bookings/{BOOKING}/sessions": lambda *_: town.refusal or (200, {}),
        "GET /memberships": lambda *_: (200, {"items": [belongs]}),
        "GET /lived-experience/tasks": lambda *_: (200, {"items": [task]}),
        f"POST /bookings/{BOOKING}/cancellation": lambda *_: town.refusal or (200, {}),
    }
    own = {"lists": lists, "topics": [], "possible_topics": [{"code": "pie", "label": "PIE"}]}
    town.notifications.answers |= {
        "GET /own/preferences": lambda *_: (200, own),
        "PUT /own/preferences": lambda *_: town.refusal or (200, own),
    }
    return town
