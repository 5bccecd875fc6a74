"""An invitation to speak as bookings shows it, on the stand-in of bookings."""

from typing import Any

from portal.stand_in import Town

LINK = "/f/pdu-link-4K792MXYZ"


def invited(town: Town, **changes: Any) -> dict[str, Any]:
    """Somebody who is asked to speak at the first event of the town, and what they say to it."""
    event = next(iter(town.events.values()))
    invitation: dict[str, Any] = {
        "session_id": event["sessions"][0]["session_id"],
        "role": "speaker",
        "state": "invited",
        "published_name": None,
        "recording_consent": "asked",
        "learning_event": event,
        "brief": {"version": 2, "text": "Many are new to this.\nBegin with a story."},
        "brief_acknowledged": False,
    } | changes

    def becomes(**said: Any) -> tuple[int, object]:
        if town.refusal:
            return town.refusal
        invitation.update(said)
        return 200, invitation

    def confirm(_path: str, _query: object, body: dict[str, Any]) -> tuple[int, object]:
        return becomes(state="confirmed", published_name=body["published_name"])

    def withdraw(*_: object) -> tuple[int, object]:
        return becomes(state="withdrawn", published_name=None)

    def acknowledge(_path: str, _query: object, body: dict[str, Any]) -> tuple[int, object]:
        return becomes(brief_acknowledged=body["version"] == invitation["brief"]["version"])

    def record(_path: str, _query: object, body: dict[str, Any]) -> tuple[int, object]:
        before = invitation["recording_consent"]
        no = "refused" if before in {"asked", "refused"} else "withdrawn"
        return becomes(recording_consent="given" if body["agrees"] else no)

    town.bookings_service.answers |= {
        f"GET {LINK}": lambda *_: (200, invitation),
        f"POST {LINK}/confirmation": confirm,
        f"POST {LINK}/withdrawal": withdraw,
        f"PUT {LINK}/brief-acknowledgement": acknowledge,
        f"PUT {LINK}/recording-consent": record,
    }
    return invitation
