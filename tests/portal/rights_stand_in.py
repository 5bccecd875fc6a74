"""The services of a town as the data protection lead and the steering group meet them."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from portal.stand_in import Town, now

NAMES = ("bookings", "resources", "notifications", "reporting")


@dataclass
class Requested:
    """Requests, holds and reads, and what was decided."""

    town: Town
    requests: list[dict] = field(default_factory=list)
    holds: list[dict] = field(default_factory=list)
    reads: dict[str, list[dict]] = field(default_factory=lambda: {name: [] for name in NAMES})
    meetings: list[dict] = field(default_factory=list)
    sent: list[tuple[str, dict]] = field(default_factory=list)
    refusal: tuple[int, dict] | None = None

    def request(self, kind: str = "erasure", state: str = "asked", **more: object) -> dict:
        one = {
            "request_id": str(uuid4()),
            "person_id": str(uuid4()),
            "kind": kind,
            "state": state,
            "asked_at": now().isoformat(),
            "received_on": now().date().isoformat(),
            "due_on": (now() + timedelta(days=30)).date().isoformat(),
            "overdue": False,
            "stuck": False,
            "asked_by_role": "coordinator",
            "identity_checked": "in_person",
            "approved_at": None,
            "done_at": None,
            "extended_because": None,
            "refused_because": None,
            "held_because": [],
            "answered": [],
            "missing": [],
        } | more
        self.requests.append(one)
        return one

    def read(self, service: str, **more: object) -> dict:
        one = {
            "read_id": str(uuid4()),
            "reader": str(uuid4()),
            "client_id": "portal",
            "kind": "needs",
            "of_id": str(uuid4()),
            "why": "planning",
            "read_at": now().isoformat(),
        } | more
        self.reads[service].append(one)
        return one

    def one(self, path: str, *_: object) -> tuple[int, object]:
        found = [one for one in self.requests if one["request_id"] == path.split("/")[2]]
        return (200, found[0]) if found else (404, {"title": "No.", "status": 404})

    def change(self, path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.refusal:
            return self.refusal
        self.sent.append((path, body))
        if "erasure-holds" in path:
            return 200, self.holds[0] if self.holds else self.hold()
        return 200, self.requests[0] if self.requests else self.request()

    def hold(self, **more: object) -> dict:
        one = {
            "hold_id": str(uuid4()),
            "person_id": str(uuid4()),
            "because": "legal_claim",
            "reference": None,
            "placed_at": now().isoformat(),
            "released_at": None,
        } | more
        self.holds.append(one)
        return one

    def shown(self, service: str, query: dict) -> tuple[int, object]:
        of = query.get("of_id", [None])[0]
        items = [one for one in self.reads[service] if of in (None, one["of_id"])]
        return 200, {"items": items, "next": None}

    def listed(self, _path: str, query: dict, _body: dict) -> tuple[int, object]:
        state = query.get("state", [None])[0]
        items = [one for one in self.requests if state in (None, one["state"])]
        return 200, {"items": items, "next": None}


def requested(town: Town) -> Requested:
    """A town with a data protection lead, and a steering group."""
    it = Requested(town)
    line = {
        "data_class": "rate_limit",
        "keeps": "How often somebody asked of late",
        "days": 2,
        "counted_from": "the moment when it says nothing any more",
    }
    run = {
        "data_class": "rate_limit",
        "ran_on": now().date().isoformat(),
        "runs": 3,
        "deleted": 41,
        "cut_off": now().isoformat(),
        "last_at": now().isoformat(),
    }
    for name in NAMES:
        town.services[name].answers |= {
            "GET /retention": lambda *_: (200, {"schedule": [line], "runs": [run]}),
            "GET /sensitive-reads": lambda _p, query, _b, n=name: it.shown(n, query),
        }
    it.meetings += [
        {
            "meeting_id": str(uuid4()),
            "title": "Spring meeting",
            "meets_on": now().date().isoformat(),
            "place": "Lace Market Rooms",
            "state": state,
            "papers": [{"title": "Last time", "url": "javascript:alert(1)"},
                       {"title": "Agenda", "url": "https://papers.example.org/agenda"}],
            "present": 7,
            "apologies": 2,
            "actions": 1,
            "version": 1,
        }
        for state in ("planned", "held")
    ]  # fmt: skip
    town.resources.answers |= {
        "GET /rights-requests": it.listed,
        "GET /rights-requests/*": it.one,
        "PUT /rights-requests/*": it.change,
        "POST /persons/rights-requests": it.change,
        "GET /erasure-holds": lambda *_: (200, {"items": it.holds}),
        "POST /erasure-holds": it.change,
        "PUT /erasure-holds/*": it.change,
        "GET /steering/meetings": lambda *_: (200, {"items": it.meetings, "next": None}),
    }
    return it
