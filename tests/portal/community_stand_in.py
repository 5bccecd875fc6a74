"""A membership as bookings shows it, on the stand-in of bookings."""

from typing import Any

from portal.stand_in import Town

LINK = "/m/pdu-link-4K792MXYZ"


def belonging(town: Town, state: str) -> dict[str, Any]:
    """Somebody who belongs to a community in this way, and what becomes of them."""
    membership: dict[str, Any] = {
        "state": state,
        "shares_name": False,
        "community": {
            "name": "Housing First",
            "purpose": "Share what works when housing comes before everything else.",
            "next_session": {
                "starts_at": "2027-03-04T10:00:00+00:00",
                "place": "Sneinton Hermitage",
            },
        },
        "fellows": [{"name": "Much Miller", "organisation": "Greenwood Housing"}],
    }

    def changed(_path: str, _query: object, body: dict[str, Any]) -> tuple[int, object]:
        if town.refusal:
            return town.refusal
        membership.update({name: body[name] for name in ("state", "shares_name") if name in body})
        return 200, membership

    def accepted(path: str, query: object, body: dict[str, Any]) -> tuple[int, object]:
        return changed(path, query, {**body, "state": "active"})

    town.bookings_service.answers |= {
        f"GET {LINK}": lambda *_: (200, membership),
        f"POST {LINK}/acceptance": accepted,
        f"PUT {LINK}/state": changed,
        f"PUT {LINK}/sharing": changed,
    }
    return membership
