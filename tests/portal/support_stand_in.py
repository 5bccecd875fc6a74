"""Bookings of a town as an expert by experience and their ambassador meet it."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from portal.stand_in import Town, now

API = "/lived-experience"
EXPERT = "018f0000-0000-8000-8000-00000000e1e1"
MEETING = {
    "meeting_id": "018f0000-0000-8000-8000-00000000e2e2", "composition": "women_only",
    "starts_at": "2027-05-04T09:00:00+00:00", "ends_at": "2027-05-04T11:00:00+00:00",
    "place": "Sneinton <Hermitage>", "has_outputs": True,
}  # fmt: skip
AMBASSADOR = "018f0000-0000-8000-8000-00000000a1a1"


@dataclass
class Supported:
    """One person, one engagement, one opportunity, and what was done to them."""

    town: Town
    learning_event_id: str
    engagement: dict
    opportunity: dict
    expert: dict
    texts: dict[str, str] = field(default_factory=dict)
    tasks: list[dict] = field(default_factory=list)
    actions: list[dict] = field(default_factory=list)
    sent: list[tuple[str, dict]] = field(default_factory=list)
    refusal: tuple[int, dict] | None = None

    @property
    def path(self) -> str:
        return f"/taking-part/{self.engagement['engagement_id']}"

    def task(self, kind: str, **details: object) -> None:
        self.tasks.append(
            {
                "kind": kind,
                "engagement_id": self.engagement["engagement_id"],
                "learning_event_id": self.learning_event_id,
                "expert_id": EXPERT,
                "way": "phone",
                "notice_id": None,
                "template": None,
                "due_on": now().date().isoformat(),
                "overdue": False,
            }
            | details
        )

    def change(self, path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.refusal:
            return self.refusal
        self.sent.append((path, body))
        step = path.rpartition("/")[2]
        dated = {
            "briefing": "briefed_on",
            "debrief": "debriefed_on",
            "contribution": "contributed_on",
        }
        if step in dated:
            self.engagement[dated[step]] = body[dated[step]]
        if step == "briefing":
            self.engagement["acknowledged"] = body["acknowledged"]
        if step == "feedback":
            self.texts["feedback"] = body["text"]
            self.engagement["feedback_given_on"] = body["given_on"]
        return 200, self.expert if "/experts" in path else self.engagement

    def arrange(self, path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.refusal:
            return self.refusal
        self.sent.append((path, body))
        return 201, MEETING

    def outputs(self, *_: object) -> tuple[int, object]:
        if "outputs" not in self.texts:
            return 404, {"title": "There is nothing here.", "status": 404}
        return 200, {"meeting_id": MEETING["meeting_id"], "text": self.texts["outputs"]}

    def one(self, path: str, *_: object) -> tuple[int, object]:
        match path.split("/")[4:]:
            case ["texts", kind] if kind in self.texts:
                text = self.texts[kind]
                return 200, {"kind": kind, "text": text, "written_at": now().isoformat()}
            case []:
                return 200, self.engagement
        return 404, {"title": "There is nothing here.", "status": 404}


def supported(town: Town) -> Supported:
    """A town in which somebody is supported."""
    learning_event_id = town.announce("Hoarding: behind the door")
    starts = (now() + timedelta(days=20)).isoformat()
    engagement = {
        "engagement_id": str(uuid4()),
        "learning_event_id": learning_event_id,
        "expert_id": EXPERT,
        "role": "table_discussant",
        "involvement": "some",
        "state": "opted_in",
        "missing": ["briefing", "supporter"],
        "starts_at": starts,
        "opted_in_on": now().date().isoformat(),
    }
    opportunity = {
        "opportunity_id": str(uuid4()),
        "learning_event_id": town.announce("What makes a good hostel?"),
        "title": "What makes a good hostel?",
        "starts_at": starts,
        "roles": ["panel", "table_discussant"],
        "engagement_id": None,
    }
    expert = {
        "expert_id": EXPERT,
        "ambassador_id": AMBASSADOR,
        "preferred_name": "Tuck Fryer",
        "contact_way": "phone",
        "reach": "0115 496 0777",
        "trainings": [{"kind": "deciding_what_to_share", "taken_on": "2026-09-14"}],
    }
    it = Supported(town, learning_event_id, engagement, opportunity, expert)
    it.actions.append({"action_id": str(uuid4()), "text": "A hostel lets visitors stay until ten."})
    town.bookings_service.answers |= {
        f"GET {API}/experts": lambda *_: (200, {"items": [it.expert]}),
        f"GET {API}/experts/*": lambda *_: (200, it.expert),
        f"POST {API}/experts": it.change,
        f"PUT {API}/experts/*": it.change,
        f"GET {API}/engagements": lambda *_: (200, {"items": [it.engagement]}),
        f"GET {API}/engagements/*": it.one,
        f"POST {API}/engagements": it.change,
        f"PUT {API}/engagements/*": it.change,
        f"POST {API}/engagements/*": it.change,
        f"GET {API}/meetings": lambda *_: (200, {"items": [MEETING]}),
        f"POST {API}/meetings": it.arrange,
        f"GET {API}/meetings/*": it.outputs,
        f"PUT {API}/meetings/*": it.change,
        f"GET {API}/opportunities": lambda *_: (200, {"items": [it.opportunity]}),
        f"GET {API}/tasks": lambda *_: (200, {"items": it.tasks}),
        f"GET {API}/reported-actions": lambda *_: (200, {"items": it.actions}),
        f"POST {API}/reported-actions/*": it.change,
        f"POST {API}/notices/*": it.change,
        "POST /sessions/*": it.change,
    }
    return it
