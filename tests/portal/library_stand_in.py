"""A small library on the stand-in of resources."""

from typing import Any

from portal.stand_in import Town

KEY = "first-visit-checklist"
LISTED = {
    "item_key": KEY,
    "type": "practice_tool",
    "title": "First visit <i>checklist",
    "summary": "What to look for when you knock.",
    "level": "introductory",
    "minutes": 5,
    "members_only": False,
    "review_due_on": None,
}
RECORDING = LISTED | {
    "item_key": "cuckooing", "type": "recording", "title": "Cuckooing", "members_only": True,
}  # fmt: skip


def shelved(town: Town) -> dict[str, Any]:
    """The item that the library has, as the test may change it, beside a recording."""
    item: dict[str, Any] = LISTED | {
        "body_html": "<p>Seven <strong>signs</strong> at the door.</p>",
        "creators": ["The PDU"],
        "link": "https://example.org/checklist",
        "workstreams": ["housing"],
        "files": [{"name": "checklist.pdf", "role": "original", "media_type": "application/pdf",
                   "bytes": 81234}],
        "reviewed_on": "2026-05-04",
    }  # fmt: skip

    def listed(_path: str, query: dict[str, list[str]], _body: object) -> tuple[int, object]:
        if "after" in query:
            return 200, {"items": [RECORDING], "next": None}
        return 200, {"items": [LISTED, RECORDING], "next": "cuckooing"}

    def searched(_path: str, query: dict[str, list[str]], _body: object) -> tuple[int, object]:
        found = [] if query["q"] == ["nothing of the kind"] else [LISTED]
        return 200, {
            "items": found,
            "total": 41 if found else 0,
            "how": "all",
            "did_you_mean": "hoarding" if query["q"] == ["hording"] else None,
            "also_searched": ["clutter"] if found else [],
        }

    start = {
        "title": "Start here",
        "summary": "A little at a time.",
        "first_steps": [{"kind": "item", "title": "First visit", "ref": KEY, "minutes": 5}],
    }
    town.resources.answers |= {
        "GET /items": listed,
        "GET /search": searched,
        "GET /start-here": lambda *_: (200, start),
        f"GET /items/{KEY}": lambda *_: (200, item),
        "GET /items/cuckooing": lambda *_: (200, item | RECORDING | {"captions": "captioned"}),
    }
    return item
