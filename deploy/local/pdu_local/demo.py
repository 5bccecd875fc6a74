"""Learning events for a first look, announced over HTTP as a coordinator would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import httpx

from pdu_local.failure import Failure
from pdu_local.programs import Place
from pdu_local.secret_files import issuer_keys
from pdu_shared.access import Caller, Role
from pdu_shared.issuer_keys import signing_key
from pdu_shared.tokens import mint

COORDINATOR = Caller(
    sub=UUID("01939000-0000-7000-8000-00000000c0de"), roles=frozenset({Role.COORDINATOR})
)


@dataclass(frozen=True, slots=True)
class Example:
    """A learning event, some weeks from today."""

    slug: str
    title: str
    purpose: str
    outcome: str
    event_type: str
    weeks: int
    weekday: int
    hours: tuple[str, str]
    place: str
    capacity: int
    level: str = "introductory"
    mode: str = "in_person"
    kind: str = "learning_event"
    workstreams: tuple[str, ...] = ()
    audience: tuple[str, ...] = ("any",)
    taken: int = 0

    def starts_on(self, today: date) -> date:
        """Its day: that weekday, so many weeks ahead, never today."""
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(weeks=self.weeks, days=self.weekday)

    def body(self, today: date) -> dict[str, Any]:
        """The request that announces it."""
        day = self.starts_on(today)
        starts, ends = (datetime.combine(day, time.fromisoformat(hour)) for hour in self.hours)
        session = {
            "starts_at": starts.isoformat(timespec="minutes"),
            "ends_at": ends.isoformat(timespec="minutes"),
            "mode": self.mode,
            "place": self.place,
            "capacity": self.capacity,
        }
        return {
            "title": self.title,
            "purpose": self.purpose,
            "outcomes": [self.outcome],
            "kind": self.kind,
            "event_type": self.event_type,
            "level": self.level,
            "workstreams": list(self.workstreams),
            "audience": list(self.audience),
            "sessions": [session],
        }


EXAMPLES = (
    Example(
        "hoarding", "Hoarding: behind the door",
        "Understand why people keep things, and practise a first visit that does not start with a"
        " skip.",
        "Plan a first visit that builds trust.",
        "workshop", 1, 3, ("13:00", "16:30"), "Lace Market Rooms", 24,
        workstreams=("housing", "pie"),
    ),
    Example(
        "first-five-minutes", "The first five minutes: a trauma informed welcome",
        "How a door, a form and a first sentence can make someone feel safe, or not. A small"
        " group, with time to practise.",
        "Change one thing about how people are welcomed.",
        "workshop", 2, 1, ("09:30", "12:00"), "Lantern House, garden room", 4,
        workstreams=("pie",), audience=("front_line",), taken=3,
    ),
    Example(
        "housing-first", "Community of Practice: Housing First",
        "Keeping a tenancy through the first winter. Newcomers are welcome.",
        "Know what kept tenancies elsewhere.",
        "seminar", 2, 2, ("10:00", "12:00"), "Castle Gate Advice", 30,
        level="developing", kind="cop_session", workstreams=("housing",),
    ),
    Example(
        "hostel", "What makes a good hostel?",
        "Hear from people who lived in hostels, and take one change back to yours.",
        "Choose one change for your own service.",
        "seminar", 3, 3, ("17:45", "19:45"), "Sycamore Centre", 40,
        workstreams=("coproduction", "housing"),
    ),
    Example(
        "substances", "New psychoactive substances: what we see now",
        "What is on the street this season, what it does, and how to keep someone safe.",
        "Recognise what people may have taken, and respond safely.",
        "training", 5, 1, ("09:30", "12:30"), "Trent Bridge Outreach", 18,
        level="developing", workstreams=("substance",), audience=("front_line",),
    ),
    Example(
        "care-act", "Care Act and self-neglect, for managers",
        "When does a duty begin? Cases from practice, with time to bring your own.",
        "Decide when the duty to assess begins.",
        "briefing", 6, 1, ("14:00", "16:00"), "Video call; the link comes with your confirmation",
        60, level="developing", mode="online", audience=("managers",),
    ),
    Example(
        "women", "Women facing multiple disadvantage: a development day",
        "A whole day, in three steps that build on each other.",
        "Plan support that is safe for women.",
        "development_day", 8, 3, ("09:30", "16:00"), "Lantern House, hall", 25,
        level="advanced", workstreams=("women",),
    ),
)  # fmt: skip
GUESTS = (
    ("Ada Marsh", "statutory", "housing_homelessness", "front_line"),
    ("Ben Okafor", "voluntary", "mental_health", "volunteer"),
    ("Carys Lowe", "voluntary", "substance_use", "team_manager"),
)


def seed(place: Place) -> int:
    """Announce what is not announced yet and return how much that was; it can be repeated."""
    issuer = signing_key(issuer_keys(place.state.secrets))
    token = mint(issuer, COORDINATOR, audiences=["pdu-bookings"])
    today = datetime.now().astimezone().date()
    with httpx.Client(base_url=place.url("bookings"), trust_env=False, timeout=10) as bookings:
        known = {event["title"] for event in _answer(bookings.get("/learning-events"))["items"]}
        new = [example for example in EXAMPLES if example.title not in known]
        for example in new:
            _announce(bookings, example, today, token)
    return len(new)


def _announce(bookings: httpx.Client, example: Example, today: date, token: str) -> None:
    key = f"demo-{example.slug}-{example.starts_on(today)}"
    sign_in = {"Authorization": f"Bearer {token}"}
    answer = bookings.post(
        "/learning-events", json=example.body(today), headers={**sign_in, "Idempotency-Key": key}
    )
    path = f"/learning-events/{_answer(answer)['learning_event_id']}"
    _answer(bookings.post(f"{path}/publish", headers=sign_in))
    for guest in _guests(example.taken):
        name = str(guest["name"]).split()[0].lower()
        booked = bookings.post(
            f"{path}/bookings", json=guest, headers={"Idempotency-Key": f"{key}-{name}"}
        )
        _answer(booked)


def _guests(count: int) -> Sequence[dict[str, str]]:
    return [
        {
            "name": name,
            "email": f"{name.lower().replace(' ', '.')}@example.org",
            "sector": sector,
            "work_field": work_field,
            "role_level": role_level,
            "area": "nottingham_city",
            "heard_about": "word_of_mouth",
        }
        for name, sector, work_field, role_level in GUESTS[:count]
    ]


def _answer(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise Failure(
            f"The examples could not be announced: bookings answered {answer.status_code}.",
            answer.text[:300],
        )
    found: dict[str, Any] = answer.json()
    return found
