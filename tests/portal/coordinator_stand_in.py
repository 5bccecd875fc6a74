"""What a coordinator works with, on the stand-ins: an event, its register, and what waits."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from portal.stand_in import Town, now

PERSON = "018f0000-0000-7000-8000-0000000000d1"
TASK = "018f0000-0000-7000-8000-0000000000d2"
PEOPLE = ("Ada Marsh", "Ben Okafor", "Carys Lowe", "Dev <Patel>")
SPEAKER = {
    "assignment_id": str(UUID(int=11)), "name": "Lucy <Stutely>", "organisation": "Castle Gate",
    "published_name": None, "role": "speaker", "state": "confirmed", "brief_acknowledged": 1,
}  # fmt: skip
ORGANISATION = {
    "organisation_id": "018f0000-0000-7000-8000-0000000000d4", "name": "Lantern <Service>",
}  # fmt: skip
REASONS = [
    {"reason": "no_cover", "engagement": "never", "value": 7},
    {"reason": "no_cover", "engagement": "lapsed", "value": None, "withheld": True},
    {"reason": "not_asked", "engagement": "never", "value": 31},
]
MARKED = {"entries": [], "walk_ins": [], "addressless_walk_ins": []}


@dataclass
class Work:
    """One event with people, and everything else that waits."""

    town: Town
    event_id: str
    session_id: str
    marks: dict[str, str | None] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    walked_in: list[dict] = field(default_factory=list)
    heads: int | None = None
    closed: bool = False
    apart: list[dict] = field(default_factory=list)
    brief: dict = field(default_factory=lambda: {"version": 2, "text": "Begin <slowly>."})
    materials: list[dict] = field(default_factory=list)
    issue: dict = field(default_factory=dict)
    writes: list[dict] = field(default_factory=list)

    @property
    def event(self) -> dict:
        return self.town.events[self.event_id]

    @property
    def address(self) -> str:
        return f"/coordinate/events/{self.event_id}"

    @property
    def register_address(self) -> str:
        return f"{self.address}/register/{self.session_id}"

    def booking(self, name: str) -> str:
        return next(one for one, called in self.names.items() if called == name)

    def register(self, *_: object) -> tuple[int, object]:
        expected = [
            {"booking_id": one, "name": name, "organisation": "Greenwood", "attendance_id": None,
             "place": self.places[one], "state": self.marks[one], "method": None,
             "adjustments_needed": False}
            for one, name in self.names.items()
        ]  # fmt: skip
        closed = now().isoformat() if self.closed else None
        return 200, {"session_id": self.session_id, "closed_at": closed, "expected": expected,
                     "walked_in": self.walked_in}  # fmt: skip

    def attendance(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.town.refusal:
            return self.town.refusal
        self.writes.append(body)
        said = MARKED | body
        self.marks |= {one["booking_id"]: one["state"] for one in said["entries"]}
        known = {one.get("walk_in_id") for one in self.walked_in}
        self.walked_in += said["walk_ins"]
        self.walked_in += [
            one for one in said["addressless_walk_ins"] if one["walk_in_id"] not in known
        ]
        return 200, {"recorded": 1, "corrected": 0, "unchanged": 0}

    def count(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        self.heads = body["people"]
        return 200, {"people": self.heads}

    def close(self, *_: object) -> tuple[int, object]:
        self.closed = True
        return 200, {"held": True}

    def change(self, path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.town.refusal:
            return self.town.refusal
        self.writes.append({"path": path, **body})
        event = self.town.events.get(path.split("/")[2], self.event)
        match path.split("/")[3:]:
            case ["publish"]:
                event.update(state="published", stage="booking_open")
            case ["cancellation"]:
                event.update(state="cancelled", stage="cancelled")
            case ["copies"]:
                made = self.town.announce(event["title"], state="draft", stage="draft", version=1)
                return 201, self.town.events[made]
        return 200, event

    def answer(self, state: str) -> object:
        def answered(_path: str, _query: dict, body: dict) -> tuple[int, object]:
            if self.town.refusal:
                return self.town.refusal
            self.writes.append({"step": state, **body})
            return 200, {}

        return answered

    def book_in(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.town.refusal:
            return self.town.refusal
        self.writes.append(body)
        booking_id = str(uuid4())
        self.names[booking_id], self.places[booking_id] = body["name"], "confirmed"
        self.marks[booking_id] = None
        return 201, {"booking_id": booking_id, "state": "confirmed", "places": []}

    def write_brief(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        self.brief = {"version": self.brief["version"] + 1, "text": body["text"]}
        return 200, self.brief

    def add_material(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.town.refusal:
            return self.town.refusal
        self.materials.append({"material_id": str(uuid4()), "item_id": None, **body})
        return 201, self.materials[-1]

    def take_off(self, path: str, *_: object) -> tuple[int, object]:
        gone = path.rpartition("/")[2]
        self.materials = [one for one in self.materials if one["material_id"] != gone]
        return 200, {}

    def seating(self, _path: str, query: dict, _body: dict) -> tuple[int, object]:
        if self.town.refusal:
            return self.town.refusal
        many = int(query["tables"][0])
        seated = [*self.names, str(UUID(int=12))]
        tables = [seated[number::many] for number in range(many)]
        return 200, {"session_id": self.session_id, "tables": tables, "apart": self.apart}

    def keep_apart(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        self.apart.append(body)
        return 200, {}

    def together(self, path: str, *_: object) -> tuple[int, object]:
        self.apart = [one for one in self.apart if one["one_id"] not in path]
        return 200, {}

    def go_on(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.town.refusal:
            return self.town.refusal
        self.issue.update(state=body["state"], version=self.issue["version"] + 1)
        return 200, self.issue

    def write(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        self.issue.update(title=body["title"], texts=body["texts"], left_out=body["left_out"])
        self.issue["version"] += 1
        return 200, self.issue


def working(town: Town) -> Work:
    """A town at work: all that a coordinator's pages ask for."""
    event_id = town.announce("Motivation and change", stage="booking_open", version=1)
    event = town.events[event_id]
    work = Work(town, event_id, event["sessions"][0]["session_id"])
    for name in PEOPLE:
        booking_id = str(uuid4())
        work.names[booking_id], work.marks[booking_id] = name, None
        work.places[booking_id] = "confirmed"
    work.places[work.booking("Dev <Patel>")] = "waitlisted"
    work.issue = {
        "issue_key": "winter", "title": "Winter", "state": "draft", "version": 3,
        "list": "bulletin", "topics": [], "texts": {"headline": "Cold <nights>."},
        "left_out": [], "recipients": 612, "needs_second_person": True, "copies": {},
        "entries": [{"section": "upcoming", "source": "event", "title": "Hoarding",
                     "source_id": str(UUID(int=9)), "facts": ["3 December"]}],
    }  # fmt: skip
    for service, answers in (
        (town.bookings_service, _bookings(work)),
        (town.resources, _hub(work)),
        (town.notifications, _letters(work)),
        (town.reporting, _figures()),
    ):
        # What is said here comes first, and instead of what every town says.
        service.answers = answers | {k: v for k, v in service.answers.items() if k not in answers}
    return work


def _bookings(work: Work) -> dict:
    event, session = work.event, work.event["sessions"][0]
    line = {"learning_event_id": work.event_id, "title": event["title"],
            "starts_at": session["starts_at"], "ends_at": session["ends_at"]}  # fmt: skip
    overview = {
        "coming": [{**line, "capacity": 24, "booked": 3, "waiting": 1, "offered": 0,
                    "awaiting_approval": 0, "needs_to_read": 1, "not_ready": 0}],
        "drafts": 1, "in_review": 0,
        "registers_missing": [{**line, "session_id": work.session_id, "booked": 3, "present": 0}],
    }  # fmt: skip
    listed = {**line, "state": "published", "capacity": 24, "taken": 3, "waiting": 1}

    def booked(*_: object) -> tuple[int, object]:
        items = [
            {"booking_id": one, "learning_event_id": work.event_id, "name": name,
             "address": "a@example.org", "organisation": "Greenwood", "sector": "voluntary",
             "state": work.places[one], "booked_at": now().isoformat(), "title": event["title"]}
            for one, name in work.names.items()
        ]  # fmt: skip
        return 200, {"items": items, "next": None}

    topic = {
        "topic_id": str(UUID(int=5)), "state": "received", "text": "Pets <in> hostels",
        "backers": 4, "suggested_at": now().isoformat(), "answer_wanted": True,
        "source": "suggestion",
    }  # fmt: skip
    offer = {
        "offer_id": str(UUID(int=6)), "state": "received", "name": "Lucy Stutely",
        "role": "facilitator", "offer": "Foot care", "offered_at": now().isoformat(),
    }  # fmt: skip
    path, sitting = f"/learning-events/{work.event_id}", f"/sessions/{work.session_id}"
    return {
        "GET /coordinator/overview": lambda *_: (200, overview),
        "GET /coordinator/learning-events": lambda *_: (200, {"items": [listed], "next": None}),
        "POST /coordinator/bookings/search": booked,
        "POST /learning-events": lambda *_: work.town.refusal or (201, work.event),
        "GET /coordinator/bookings": booked,
        f"GET {path}/places": lambda *_: (200, {"bookings": {"confirmed": 3, "waitlisted": 1}}),
        f"GET {path}/assignments": lambda *_: (200, {"items": [SPEAKER]}),
        f"GET {path}/brief": lambda *_: (200, work.brief),
        f"PUT {path}/brief": work.write_brief,
        f"GET {path}/materials": lambda *_: (200, {"items": work.materials}),
        f"POST {path}/materials": work.add_material,
        f"DELETE {path}/materials/*": work.take_off,
        "PUT /assignments/*": work.answer("assignment"),
        f"GET {path}/readiness": lambda *_: (200, {"engaged": 0, "ready": 0}),
        f"POST {path}/bookings/on-behalf": work.book_in,
        "POST /learning-events/*": work.change,
        f"PATCH {path}": work.change,
        f"PATCH {sitting}": work.change,
        f"PUT {sitting}/capacity": work.change,
        f"GET {sitting}/register": work.register,
        f"GET {sitting}/seating": work.seating,
        f"PUT {sitting}/keep-apart": work.keep_apart,
        f"DELETE {sitting}/keep-apart/*": work.together,
        f"PUT {sitting}/attendance": work.attendance,
        f"PUT {sitting}/head-count": work.count,
        f"POST {sitting}/register/closing": work.close,
        "GET /topics/backlog": lambda *_: (200, {"items": [topic], "next": None}),
        "PUT /topics/*": work.answer("topic"),
        "GET /speaker-offers": lambda *_: (200, {"items": [offer], "next": None}),
        "PUT /speaker-offers/*": work.answer("offer"),
        "PUT /bookings/*": work.answer("first"),
        "POST /bookings/*": work.answer("booking"),
    }


def _hub(work: Work) -> dict:
    due = {"item_key": "gp-card", "title": "A card", "type": "practice_tool", "overdue": True,
           "review_due_on": now().date().isoformat(), "reviewed_on": "2026-01-01",
           "views": 7}  # fmt: skip
    brought = {"item_key": "our-sheet", "title": "Our <sheet>", "type": "practice_tool",
               "summary": "With the cat.", "credit": None, "files": 1,
               "added_at": now().isoformat()}  # fmt: skip
    member = {"person_id": PERSON, "name": "Ada Marsh", "address": "ada@example.org",
              "organisation": None, "registered_at": now().isoformat(),
              "closed_at": None}  # fmt: skip
    question = {"code": "core.understanding", "type": "single", "wording": "Better <now>?",
                "options": [{"code": "much", "label": "Much"},
                            {"code": "no", "label": "No"}]}  # fmt: skip
    survey = {"survey_key": "post_event", "title": "After the event", "kind": "post_event"}
    plan = {"survey_key": "post_event", "day": "2027-01-05", "what": "invite", "people": 12,
            "reason": "held"}  # fmt: skip
    change = {
        "impact_id": str(UUID(int=4)), "state": "captured", "what": "A door <stays> open.",
        "happened_on": "2026-06-01", "level": "organisation", "aims": ["welcoming"], "version": 2,
    }  # fmt: skip
    return {
        "GET /surveys": lambda *_: (
            200,
            {"surveys": [{**survey, "questions": [question["code"]]}]},
        ),
        "POST /questions": lambda *_: (201, question),
        "POST /surveys": lambda *_: work.town.refusal or (201, survey),
        "GET /surveys/post_event": lambda *_: (200, {**survey, "questions": [question]}),
        "GET /survey-plan": lambda *_: (200, {"items": [plan]}),
        "GET /impacts": lambda *_: (200, {"items": [change], "next": None}),
        f"GET /impacts/{change['impact_id']}": lambda *_: (200, change),
        "PUT /impacts/*": work.answer("impact"),
        "GET /library/review-due": lambda *_: (200, {"items": [due]}),
        "GET /submissions": lambda *_: (200, {"items": [brought]}),
        "GET /items/our-sheet": lambda *_: (200, {"version": 1}),
        "GET /items/gp-card": lambda *_: (200, {"version": 4}),
        "PUT /submissions/*": work.answer("submission"),
        "PUT /items/*": work.answer("item"),
        "GET /organisations": lambda *_: (200, {"items": [ORGANISATION], "next": None}),
        f"GET /organisations/{ORGANISATION['organisation_id']}": lambda *_: (200, ORGANISATION),
        f"GET /organisations/{ORGANISATION['organisation_id']}/absence": lambda *_: (
            200,
            {"reasons": ["times"], "asked_on": "2026-11-02"},
        ),
        "PUT /organisations/*": work.answer("organisation"),
        "POST /coordinator/members/search": lambda *_: (200, {"items": [member], "next": None}),
    }


def _letters(work: Work) -> dict:
    later = (now() + timedelta(days=2)).isoformat()
    letter = {"letter_id": str(UUID(int=8)), "kind": "survey_invitation", "state": "held",
              "reason": "in_doubt", "changed_at": now().isoformat()}  # fmt: skip
    coming = {"kind": "reminder", "subject": "Your place on Thursday", "goes_at": later,
              "due_at": later, "kept_back": None, "reason": "booked"}  # fmt: skip
    finding = {"severity": "warning", "pointer": "/texts/headline", "code": "link-words",
               "detail": "A link says where it leads."}  # fmt: skip
    line = {"issue_key": "winter", "title": "Winter", "state": "draft", "scheduled_for": None,
            "sent_at": None}  # fmt: skip
    task = {"task_id": TASK, "channel": "phone", "kind": "booking_confirmation",
            "about": "Your place at Hoarding", "related_id": str(UUID(int=3)),
            "since": now().isoformat(), "until": later, "tries": 1,
            "tried_at": now().isoformat()}  # fmt: skip
    full = {**task, "name": "Much <Miller>", "reach": "through the day centre",
            "in_short": "You have a place.",
            "letter": "Dear Much,\n\nyou have a place."}  # fmt: skip
    return {
        "GET /contact-tasks": lambda *_: (200, {"items": [task], "next": None}),
        f"GET /contact-tasks/{TASK}": lambda *_: (200, full),
        "PUT /contact-tasks/*": work.answer("told"),
        "GET /bulletins": lambda *_: (200, {"items": [line], "next": None}),
        "POST /bulletins": lambda *_: work.town.refusal or (201, work.issue),
        "GET /bulletins/winter": lambda *_: (200, work.issue),
        "PUT /bulletins/winter": work.write,
        "PUT /bulletins/winter/state": work.go_on,
        "GET /bulletins/winter/checks": lambda *_: (200, {"ok": True, "findings": [finding]}),
        "GET /bulletins/winter/preview/text": lambda *_: (200, "Cold <nights>."),
        "GET /letters": lambda *_: (200, {"items": [letter], "next": None}),
        "POST /letters/*": work.answer("letter"),
        f"GET /persons/{PERSON}/coming-letters": lambda *_: (200, {"items": [coming]}),
    }


def _figures() -> dict:
    of = {"question_code": "core.understanding", "caveats": [], "comparable": True}
    rows = [
        {**of, "option_code": "much", "value": 62.4, "numerator": 20, "denominator": 32},
        {**of, "option_code": "no", "value": None, "numerator": None, "withheld": True},
    ]
    counted = {"rows": [{"value": 32, "numerator": None, "denominator": None}]}
    return {
        "GET /figures/reasons_for_absence": lambda *_: (200, {"rows": REASONS}),
        "GET /figures/survey_share": lambda *_: (200, {"rows": rows}),
        "GET /figures/survey_responses": lambda *_: (200, counted),
        "GET /figures/response_rate": lambda *_: (200, {"rows": []}),
    }


def pages(work: Work) -> dict[str, str]:
    """Every page of the desk, by what to call it."""
    return {
        "today": "/coordinate",
        "events": "/coordinate/events",
        "new event": "/coordinate/events/new",
        "event": work.address,
        "register": work.register_address,
        "suggestions": "/coordinate/suggestions",
        "shelf": "/coordinate/library",
        "bulletins": "/coordinate/bulletins",
        "bulletin": "/coordinate/bulletins/winter",
        "surveys": "/coordinate/surveys",
        "survey": "/coordinate/surveys/post_event",
        "impact": "/coordinate/impact",
        "people": "/coordinate/people",
        "coming letters": f"/coordinate/people/{PERSON}/letters",
        "letters": "/coordinate/letters",
        "organisations": "/coordinate/organisations",
        "why nobody comes": f"/coordinate/organisations/{ORGANISATION['organisation_id']}/absence",
        "speakers": f"{work.address}/speakers",
        "seating": f"{work.address}/seating/{work.session_id}",
        "materials": f"{work.address}/materials",
        "book in": f"{work.address}/book-in",
        "to tell": "/contact",
        "letter to tell": f"/contact/{TASK}",
    }
