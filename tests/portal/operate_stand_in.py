"""What the services of a town tell operators: what is set aside, replays, letters."""

from dataclasses import dataclass, field
from uuid import uuid4

from portal.stand_in import Town, now

NAMES = ("bookings", "resources", "notifications", "reporting")


@dataclass
class Operated:
    """What was decided and asked for."""

    town: Town
    aside: dict[str, list[dict]] = field(default_factory=lambda: {name: [] for name in NAMES})
    replays: dict[str, list[dict]] = field(default_factory=lambda: {name: [] for name in NAMES})
    letters: list[dict] = field(default_factory=list)
    decided: dict[str, str] = field(default_factory=dict)
    refusal: tuple[int, dict] | None = None

    def set_aside(self, service: str, reason: str = "schema", **details: object) -> str:
        one = {
            "parked_id": str(uuid4()),
            "listener": "pdu_notifications.letters.booking_confirmation.confirm_booking",
            "message_id": str(uuid4()),
            "routing_key": "bookings.EventBooked",
            "reason": reason,
            "detail": "/sector: missing",
            "service_version": "0.9",
            "first_seen": now().isoformat(),
            "bytes": 812,
            "resolution": None,
            "resolved_at": None,
        } | details
        self.aside[service].append(one)
        return one["parked_id"]

    def hold_letter(self, state: str = "held") -> str:
        letter_id = str(uuid4())
        self.letters.append(
            {
                "letter_id": letter_id,
                "kind": "booking_reminder",
                "related_id": str(uuid4()),
                "state": state,
                "reason": "in_doubt",
                "attempt": 1,
                "posted_at": now().isoformat(),
                "changed_at": now().isoformat(),
                "expires_at": None,
            }
        )
        return letter_id

    def decide(self, service: str, path: str, body: dict) -> tuple[int, object]:
        parked_id = path.split("/")[2]
        one = next((one for one in self.aside[service] if one["parked_id"] == parked_id), None)
        if one is None:
            return 404, {"title": "There is nothing here.", "status": 404}
        self.aside[service].remove(one)
        self.decided[parked_id] = body["resolution"]
        return 200, one | {"resolution": body["resolution"]}

    def tell_again(self, service: str, body: dict) -> tuple[int, object]:
        if self.refusal:
            return self.refusal
        one = {
            "replay_id": str(uuid4()),
            "to": body["to"],
            "messages": body["messages"],
            "asked_at": now().isoformat(),
            "told": 0,
            "trouble": None,
            "done_at": None,
        }
        self.replays[service].append(one)
        return 202, one

    def listed(self, _path: str, query: dict, _body: dict) -> tuple[int, object]:
        state = query["state"][0]
        found = [one for one in self.letters if one["state"] == state]
        return 200, {"items": found, "next": None}

    def release(self, path: str, *_: object) -> tuple[int, object]:
        one = next(one for one in self.letters if one["letter_id"] == path.split("/")[2])
        one["state"] = "queued"
        return 200, one


def operated(town: Town) -> Operated:
    """A town whose services answer operators; all are well."""
    it = Operated(town)
    for name in NAMES:
        town.services[name].answers |= {
            "GET /readyz": lambda *_: (200, {"status": "ready", "reasons": []}),
            "GET /set-aside": lambda *_, n=name: (200, {"items": it.aside[n], "next": None}),
            "PUT /set-aside/*": lambda path, _q, body, n=name: it.decide(n, path, body),
            "GET /replays": lambda *_, n=name: (200, {"items": it.replays[n]}),
            "POST /replays": lambda _p, _q, body, n=name: it.tell_again(n, body),
        }
    town.services["notifications"].answers |= {
        "GET /letters": it.listed,
        "POST /letters/*": it.release,
        "GET /metrics": lambda *_: (
            200,
            (
                "pdu_outbox_unpublished 7\npdu_outbox_oldest_seconds 95.5\npdu_inbox_parked 1\n"
                'pdu_letters_total{state="sent"} 12\npdu_letters_total{state="held"} 1\n'
            ),
        ),
    }
    return it
