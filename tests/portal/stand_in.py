"""Four small services on real sockets that speak the platform's shapes, and their portal."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import UUID, uuid4

from portal.serving import served

TOKEN = "pdu-link-4K792MXYZ"
COOKIE_KEY = "the-cookie-key-of-the-tests"
LISTS = {
    "sectors": {
        "voluntary": "Voluntary and community",
        "statutory": "Statutory: council, NHS, probation, police, DWP",
        "private": "Private",
        "other": "Something else",
        "unknown": "I would rather not say",
    },
    "work_fields": {
        "housing_homelessness": "Housing and homelessness",
        "mental_health": "Mental health",
        "other": "Other",
    },
    "role_levels": {"front_line": "I work with people directly", "other": "Other"},
    "areas": {"nottingham_city": "Nottingham", "nottinghamshire": "Nottinghamshire"},
    "heard_about": {"bulletin": "The bulletin", "manager": "My manager"},
    "workstreams": {"housing": "Housing First and homelessness"},
}
LISTENS = {
    "bookings": ["MemberRegistered"],
    "resources": ["EventPublished", "AttendanceRecorded"],
    "notifications": ["EventPublished", "EventBooked", "BookingWaitlisted", "BookingCancelled"],
}


def now() -> datetime:
    return datetime.now(UTC)


class Listening(ThreadingHTTPServer):
    """Takes as many connections at once as a page may open."""

    request_queue_size = 128


@dataclass
class Service:
    """One stand-in: answers by path, and a mood: well, slow, garbage, broken, hangs_up."""

    name: str
    mood: str = "well"
    answers: dict[str, Callable[..., tuple[int, object]]] = field(default_factory=dict)
    handled: dict[str, dict] = field(default_factory=dict)
    asked: list[tuple[str, str, dict]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    along: list[str] = field(default_factory=list)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    """Who asked for what: each path with the token that was shown."""
    port: int = 0
    server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.answer(self, {})

            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                service.keys.append(self.headers.get("Idempotency-Key", ""))
                sent = self.rfile.read(length)
                if "urlencoded" in self.headers.get("content-type", ""):
                    service.answer(self, dict(parse_qsl(sent.decode())))
                else:
                    service.answer(self, json.loads(sent or b"{}"))

            do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - as http.server names it

            def log_message(self, *_: object) -> None:
                pass

        self.server = Listening(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    @contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()

    def answer(self, asked: BaseHTTPRequestHandler, body: dict) -> None:
        parts = urlsplit(asked.path)
        self.asked.append((asked.command, asked.path, body))
        self.along.append(asked.headers.get("X-Forwarded-For", ""))
        self.tokens.append((parts.path, asked.headers.get("Authorization", "")))
        kind, status, sent = "application/json", 200, b"{}"
        match self.mood:
            case "slow":
                time.sleep(2)
            case "garbage":
                sent = b'\x00<html>{"items": ['
            case "wrong":
                sent = b'{"items": [{"learning_event_id": 7}], "sectors": 3}'
            case "broken":
                status = 500
            case "hangs_up":
                asked.close_connection = True
                return
        if self.mood in {"well", "slow"}:
            status, found = self.find(asked.command, parts.path, parse_qs(parts.query), body)
            kind = "text/plain" if isinstance(found, str) else "application/json"
            sent = found.encode() if isinstance(found, str) else json.dumps(found).encode()
        asked.send_response(status)
        asked.send_header("Content-Type", kind)
        asked.send_header("Content-Length", str(len(sent)))
        asked.end_headers()
        asked.wfile.write(sent)

    def find(self, method: str, path: str, query: dict, body: dict) -> tuple[int, object]:
        for pattern, answer in self.answers.items():
            wanted, _, prefix = pattern.partition(" ")
            if wanted == method and (
                path == prefix or (prefix[-1] == "*" and path.startswith(prefix[:-1]))
            ):
                return answer(path, query, body)
        return 404, {"title": "Not found", "status": 404}

    def inbox(self, _path: str, query: dict, _body: dict) -> tuple[int, object]:
        ids = query.get("ids", [""])[0].split(",")
        return 200, {"handled": [self.handled[i] for i in ids if i in self.handled]}

    def asyncapi(self, *_: object) -> tuple[int, object]:
        names = LISTENS.get(self.name, [])
        references = [{"$ref": f"#/channels/inbox/messages/{name}"} for name in names]
        messages = {name: {"$ref": f"#/components/messages/{name}"} for name in names}
        receive = {
            "action": "receive",
            "channel": {"$ref": "#/channels/inbox"},
            "messages": references,
        }
        return 200, {
            "asyncapi": "3.0.0",
            "channels": {"inbox": {"messages": messages}},
            "operations": {"receive": receive},
            "components": {"messages": {name: {"name": name} for name in names}},
        }

    def metrics(self, *_: object) -> tuple[int, object]:
        return (
            200,
            "# HELP pdu_outbox_unpublished x\npdu_outbox_unpublished 0.0\npdu_inbox_parked 0\n",
        )


@dataclass
class Town:
    """The four stand-ins with what they know."""

    services: dict[str, Service]
    events: dict[str, dict] = field(default_factory=dict)
    bookings: dict[str, dict] = field(default_factory=dict)
    journal: list[dict] = field(default_factory=list)
    refusal: tuple[int, dict] | None = None
    state: str = "confirmed"
    managed: dict[str, object] = field(
        default_factory=lambda: {"state": "confirmed", "can": ["cancel"]}
    )
    nominated: str = "open"
    booking_form: dict = field(default_factory=lambda: {"agreement": None, "questions": []})

    def __getattr__(self, name: str) -> Service:
        return self.services[name]

    def announce(self, title: str = "Hoarding: behind the door", **changes: object) -> str:
        starts = (now() + timedelta(days=20)).replace(hour=13, minute=0, second=0, microsecond=0)
        session = {
            "session_id": str(uuid4()),
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=3, minutes=30)).isoformat(),
            "mode": "in_person",
            "place": "Lace Market Rooms",
            "capacity": 24,
            "places_left": 6,
            "online_places_left": None,
            "waiting": 0,
        }
        event = {
            "learning_event_id": str(uuid4()),
            "title": title,
            "kind": "learning_event",
            "event_type": "workshop",
            "purpose": "Why people keep things, and how to practise a first visit without a skip.",
            "level": "introductory",
            "workstreams": ["housing"],
            "audience": ["any"],
            "state": "published",
            "sessions": [session | {k: changes.pop(k) for k in list(changes) if k in session}],
        } | changes
        self.events[event["learning_event_id"]] = event
        self.say("bookings", "EventPublished", data={"title": title})
        return event["learning_event_id"]

    def say(self, service: str, name: str, *, subject: str = "", data: dict | None = None) -> str:
        at = now()
        message = {
            "specversion": "1.0",
            "id": str(uuid4()),
            "source": f"/{service}",
            "type": f"pdu.{service}.{name}",
            "subject": subject,
            "time": at.isoformat(),
            "recordedtime": at.isoformat(),
            "correlationid": str(uuid4()),
            "data": data or {},
        }
        received = (at + timedelta(milliseconds=40)).isoformat()
        entry = {"position": len(self.journal) + 1, "message": message, "received_at": received}
        self.journal.append(entry)
        return message["id"]

    def deal(self, service: str, message_id: str, *, state: str = "done", after: int = 31) -> None:
        entry = next(e for e in self.journal if e["message"]["id"] == message_id)
        at = datetime.fromisoformat(entry["message"]["time"]) + timedelta(milliseconds=after)
        handled = {"message_id": message_id, "state": state, "handled_at": at.isoformat()}
        self.services[service].handled[message_id] = handled

    def book(self, path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.refusal:
            return self.refusal
        event = self.events[path.split("/")[2]]
        key = self.bookings_service.keys[-1]
        if key not in self.bookings:
            booking_id = str(uuid4())
            waits = self.state == "waitlisted"
            places = [
                {
                    "session_id": s["session_id"],
                    "state": self.state,
                    "position": 3 if waits else None,
                }
                for s in event["sessions"]
            ]
            self.bookings[key] = {
                "booking_id": booking_id,
                "learning_event_id": event["learning_event_id"],
                "state": self.state,
                "places": places,
            }
            data = {
                "booking_id": booking_id,
                "sector": body["sector"],
                "work_field": body["work_field"],
            }
            name = "BookingWaitlisted" if waits else "EventBooked"
            self.say("bookings", name, subject=f"booking/{booking_id}", data=data)
        return 201, self.bookings[key]

    def event(self, path: str, *_: object) -> tuple[int, object]:
        found = self.events.get(path.split("/")[2])
        if not found:
            return 404, {"title": "Not found"}
        match path.split("/")[3:]:
            case ["booking-form"]:
                return 200, self.booking_form
            case ["schema.json"]:
                return 200, {"@type": "EducationEvent", "name": found["title"]}
            case _:
                return 200, found

    def agreement(self, *_: object) -> tuple[int, object]:
        return 200, {"version": 3, "wording": "We listen.\nAll of us."}

    def nomination(self, *_: object) -> tuple[int, object]:
        return 200, {"state": self.nominated, "learning_event": next(iter(self.events.values()))}

    def accept(self, _path: str, query: dict, body: dict) -> tuple[int, object]:
        return self.book(f"/learning-events/{next(iter(self.events))}/bookings", query, body)

    def refuse(self, *_: object) -> tuple[int, object]:
        self.nominated = "declined"
        return self.nomination()

    @property
    def bookings_service(self) -> Service:
        return self.services["bookings"]


def town() -> Town:
    services = {n: Service(n) for n in ("bookings", "resources", "notifications", "reporting")}
    it = Town(services)
    managed = it.managed

    def events(*_: object) -> tuple[int, object]:
        return 200, {"items": list(it.events.values()), "next": None}

    def manage(*_: object) -> tuple[int, object]:
        event = next(iter(it.events.values()))
        return 200, {"booking_id": str(UUID(int=7)), **managed, "learning_event": event}

    def cancel(*_: object) -> tuple[int, object]:
        if it.refusal:
            return it.refusal
        managed.update(state="cancelled_by_person", can=[])
        return 200, managed

    def offer(_path: str, _query: dict, body: dict) -> tuple[int, object]:
        if it.refusal:
            return it.refusal
        accepts = body["accept"]
        managed.update(
            state="confirmed" if accepts else "offer_declined",
            can=["cancel"] if accepts else [],
            offer_expires_at=None,
        )
        return 200, managed

    def journal(_path: str, query: dict, _body: dict) -> tuple[int, object]:
        after, limit = int(query["after"][0]), int(query.get("limit", ["100"])[0])
        items = [e for e in it.journal if e["position"] > after][:limit]
        return 200, {"items": items, "next": items[-1]["position"] if items else after}

    lists = {k: [{"code": c, "label": w} for c, w in v.items()] for k, v in LISTS.items()}
    for service in services.values():
        service.answers |= {
            "GET /inbox": service.inbox,
            "GET /asyncapi.json": service.asyncapi,
            "GET /metrics": service.metrics,
        }
    services["bookings"].answers |= {
        "GET /learning-events": events,
        "GET /learning-events/*": it.event,
        "POST /learning-events/*": it.book,
        "GET /agreements/3": it.agreement,
        f"GET /n/{TOKEN}": it.nomination,
        f"POST /n/{TOKEN}/acceptance": it.accept,
        f"POST /n/{TOKEN}/refusal": it.refuse,
        f"POST /b/{TOKEN}/cancellation": cancel,
        f"POST /b/{TOKEN}/offer": offer,
        f"GET /b/{TOKEN}": manage,
    }
    services["resources"].answers["GET /vocabulary"] = lambda *_: (200, lists)
    services["reporting"].answers["GET /journal"] = journal
    services["reporting"].answers["GET /metrics"] = lambda *_: (
        200,
        f'pdu_journal_position {len(it.journal)}.0\npdu_inbox_parked{{kind="a}}b"}} 0\n',
    )
    return it


@contextmanager
def open_portal(it: Town, **changes: object) -> Iterator[str]:
    """A portal in front of the town, on a port of its own."""
    for service in it.services.values():
        if service.server is None:
            service.start()
    urls = {f"{n}_url": f"http://127.0.0.1:{s.port}" for n, s in it.services.items()}
    told = {
        "kept_seconds": 0,
        "cookie_key": COOKIE_KEY,
        "client_secret": "portal-secret-of-the-tests",
    } | changes
    try:
        with served(**urls, **told) as address:
            yield address
    finally:
        with ThreadPoolExecutor(len(it.services)) as together:
            list(together.map(Service.stop, it.services.values()))
