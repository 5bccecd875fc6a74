"""An event as a coordinator types it, and what it still lacks before everybody sees it."""

from collections.abc import Mapping

from pdu_portal.coordinate.room import lines, said
from pdu_portal.coordinate.shapes import Managed
from pdu_portal.words import local

WORDS = ("title", "purpose", "event_type", "level", "content_note", "ask")
FIELDS = (
    *WORDS, "outcomes", "workstream", "audience",
    "support_name", "support_reach", "without_lived_experience_because",
    "day", "starts", "ends", "mode", "place", "capacity", "joining_link",
)  # fmt: skip


def words_of(values: Mapping[str, str]) -> dict[str, object]:
    """What is said of it, as bookings takes it."""
    body = said(values, *WORDS, "support_name", "support_reach", "without_lived_experience_because")
    body["outcomes"] = lines(values.get("outcomes", ""))
    body["workstreams"] = [values["workstream"]] if values.get("workstream") else []
    body["audience"] = [values["audience"]] if values.get("audience") else []
    return body


def first_session(values: Mapping[str, str]) -> dict[str, object]:
    """When and where, as bookings takes it; what is not a number goes as it was typed."""
    day, capacity = values.get("day", ""), values.get("capacity", "")
    session: dict[str, object] = {
        "starts_at": f"{day}T{values.get('starts', '')}",
        "ends_at": f"{day}T{values.get('ends', '')}",
        "mode": values.get("mode", ""),
        "place": values.get("place", ""),
        "capacity": int(capacity) if capacity.isdecimal() else capacity,
    }
    return session | said(values, "joining_link")


def typed_of(event: Managed) -> dict[str, str]:
    """An event as the fields of the form have it."""
    values = {name: str(getattr(event, name, "") or "") for name in WORDS}
    values |= {
        "outcomes": "\n".join(event.outcomes),
        "workstream": event.workstreams[0] if event.workstreams else "",
        "audience": event.audience[0] if event.audience else "",
    }
    if event.sessions:
        session = event.sessions[0]
        starts, ends = local(session.starts_at), local(session.ends_at)
        values |= {
            "day": starts.date().isoformat(),
            "starts": f"{starts:%H:%M}",
            "ends": f"{ends:%H:%M}",
            "mode": session.mode,
            "place": session.place or "",
            "capacity": str(session.capacity or ""),
        }
    return values


def readiness(event: Managed) -> list[tuple[str, bool, str]]:
    """What has to be said before it can be published: the words, whether it is there, the field."""
    return [
        ("Purpose: what is it for?", bool(event.purpose), "purpose"),
        ("Outcomes: what do people take away?", bool(event.outcomes), "outcomes"),
        ("Level", bool(event.level), "level"),
        ("Theme", bool(event.workstreams), "workstream"),
        ("Who it is for", bool(event.audience), "audience"),
    ]
