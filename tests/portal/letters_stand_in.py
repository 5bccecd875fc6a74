"""What somebody gets, on the stand-in of notifications."""

from typing import Any

from portal.stand_in import Town

LINK = "/p/pdu-link-4K792MXYZ"
ONE_CLICK = "/u/pdu-link-4K792MXYZ"
TOPIC = {"code": "housing", "label": "Housing First and homelessness"}


def reading(town: Town, **states: str | None) -> dict[str, Any]:
    """Somebody who gets these lists, and what becomes of them."""
    lists = {"bulletin": "active", "alerts": None, "surveys": None} | states
    topics: list[str] = []

    def seen() -> dict[str, Any]:
        return {
            "lists": [{"list": one, "state": state, "since": None} for one, state in lists.items()],
            "topics": topics,
            "possible_topics": [TOPIC],
        }

    def confirmed(*_: object) -> tuple[int, object]:
        for one, state in lists.items():
            lists[one] = "active" if state == "pending_confirmation" else state
        return 200, seen()

    def chosen(_path: str, _query: object, body: dict[str, Any]) -> tuple[int, object]:
        lists.update({one: "active" if one in body["lists"] else "unsubscribed" for one in lists})
        topics[:] = body["topics"]
        return 200, seen()

    def one_list(*_: object) -> tuple[int, object]:
        return 200, {"list": "bulletin", "state": lists["bulletin"]}

    def left(*_: object) -> tuple[int, object]:
        lists["bulletin"] = "unsubscribed"
        return one_list()

    def asked(_path: str, _query: object, _body: dict[str, Any]) -> tuple[int, object]:
        return town.refusal or (201, {"state": "check_your_email"})

    offer = {
        "lists": ["bulletin", "opportunities", "alerts"],
        "topics": [TOPIC],
        "words_version": 3,
        "words": "The Practice Development Unit (PDU) may write to me until I say stop.",
    }
    town.notifications.answers |= {
        "GET /subscriptions/offer": lambda *_: (200, offer),
        "POST /subscriptions": asked,
        f"GET {LINK}": lambda *_: (200, seen()),
        f"PUT {LINK}": chosen,
        f"POST {LINK}/confirmation": confirmed,
        f"GET {ONE_CLICK}": one_list,
        f"POST {ONE_CLICK}": left,
    }
    return lists
