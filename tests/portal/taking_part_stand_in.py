"""Communities, topics and teams on the stand-in of bookings."""

from uuid import uuid4

from portal.stand_in import Town, now

KEY = "housing_first"
TOPIC = "018f0000-0000-7000-8000-0000000000f1"
MEMBERSHIP = "018f0000-0000-7000-8000-0000000000f2"
ROTA = {
    "convenors": [{"membership_id": MEMBERSHIP, "name": "Allan <Dale>", "sessions": 5,
                   "starts_on": "2027-01-01", "ends_on": "2027-12-31"}],
    "sessions": [
        {"session_id": TOPIC, "learning_event_id": TOPIC, "convenor": one,
         "starts_at": "2027-03-04T10:00:00+00:00"}
        for one in (MEMBERSHIP, None)
    ],
    "gaps": 1,
}  # fmt: skip
TOPIC_TOKEN = "pdu-topic-4K792MXYZ"


def taking_part(town: Town) -> dict[str, object]:
    """What may change: the membership of whoever looks."""
    belongs: dict[str, object] = {"items": []}
    community = {
        "key": KEY, "name": "Housing <First>", "purpose": "Keep the door open.",
        "state": "active", "workstream": "housing", "members": 12, "sessions_held": 4, "gaps": 1,
        "next_session": {"learning_event_id": TOPIC, "starts_at": now().isoformat(),
                         "place": "Castle Gate"},
    }  # fmt: skip
    topic = {"topic_id": TOPIC, "wording": "Dogs in <hostels>", "state": "backed", "backers": 3}
    profile = {
        "name": "Marian Leaford", "address": "marian@greenwood.example.org", "organisation": None,
        "sector": "voluntary", "work_field": "mental_health", "role_level": "front_line",
        "area": "nottingham_city", "interests": [],
    }  # fmt: skip

    def become(_path: str, _query: dict, body: dict) -> tuple[int, object]:
        if town.refusal:
            return town.refusal
        state = body.get("state", "active")
        belongs["items"] = [{"membership_id": MEMBERSHIP, "community": KEY, "state": state}]
        return 201, {"community": KEY}

    def write(_path: str, _query: dict, body: dict) -> tuple[int, object]:
        if town.refusal:
            return town.refusal
        belongs["wrote"] = body
        return 201, {}

    def book_team(path: str, _query: dict, body: dict) -> tuple[int, object]:
        if town.refusal:
            return town.refusal
        first = {"booking": {"booking_id": str(uuid4()), "state": "confirmed"}, "problem": None}
        problem = {"title": "No.", "detail": "This person has a place already."}
        rest = [{"booking": None, "problem": problem} for _ in body["people"][1:]]
        assert path
        return 201, {"people": [first, *rest]}

    event = next(iter(town.events), "none")
    answers = {
        "GET /communities": lambda *_: (200, {"items": [community], "next": None}),
        f"GET /communities/{KEY}": lambda *_: (200, community),
        f"POST /communities/{KEY}/members": become,
        f"GET /communities/{KEY}/fellows": lambda *_: (200, {"items": [{"name": "Tuck Fryer"}]}),
        f"GET /communities/{KEY}/members": lambda *_: (
            200,
            {"items": [{"name": "Allan Dale", "state": "on_break", "membership_id": MEMBERSHIP}]},
        ),
        f"GET /communities/{KEY}/rota": lambda *_: (200, ROTA),
        f"PUT /communities/{KEY}/rota": write,
        f"POST /communities/{KEY}/invitations": write,
        f"POST /communities/{KEY}/sessions": write,
        "GET /memberships": lambda *_: (200, belongs),
        f"PUT /memberships/{MEMBERSHIP}/state": become,
        "GET /topics": lambda *_: (200, {"items": [topic], "next": None}),
        "POST /topics": lambda *_: town.refusal or (201, {"token": TOPIC_TOKEN}),
        f"PUT /topics/{TOPIC}/backing": lambda *_: (200, {}),
        f"GET /t/{TOPIC_TOKEN}": lambda *_: (200, {**topic, "reason": "Not <now>."}),
        "POST /speaker-offers": lambda *_: town.refusal or (201, {"offer_id": TOPIC}),
        f"POST /learning-events/{event}/team-bookings": book_team,
    }
    # First, because others answer by the beginning of an address.
    town.bookings_service.answers = answers | {
        asked: answer
        for asked, answer in town.bookings_service.answers.items()
        if asked not in answers
    }
    town.resources.answers["GET /members/me"] = lambda *_: (200, profile)
    town.resources.answers["GET /purposes"] = lambda *_: (
        200,
        {"items": [{"label": "Photographs", "wording": "You may show me."}]},
    )
    return belongs
