"""The open pages of the hub, on the stand-ins of resources and notifications."""

from portal.stand_in import Town

CODE_ID = "018f0000-0000-7000-8000-0000000000c0"


def opened(town: Town) -> None:
    """Modules, what people said, stories, an issue of the bulletin, and a hub to join."""
    module = {
        "module_key": "tic-introduction", "title": "Trauma informed care", "minutes": 25,
        "summary": "Six principles.", "level": "introductory", "pages": ["Why", "How"],
        "outcomes": ["Say what it means"], "content_note": "Harm is spoken of.",
        "support": "Samaritans: 116 123", "credit": ["The PDU"], "is_example": True,
    }  # fmt: skip
    suite = {
        "groups": [
            {
                "label": "Trauma informed care",
                "modules": [
                    {**module, "state": "published"},
                    {"module_key": "tic-spaces", "title": "Spaces", "state": "announced"},
                ],
            }
        ]
    }
    said = {
        "item_id": "018f0000-0000-7000-8000-0000000000a1", "said": "Nobody <tells us>.",
        "did": "There is a board now.", "state": "done", "organisation": None,
        "said_on": "2026-05-04", "steps": [],
    }  # fmt: skip
    story = {
        "story_id": "018f0000-0000-7000-8000-0000000000a2", "kind": "change", "title": "A door",
        "text": "It stays open.", "organisation": "Sherwood", "published_on": "2026-06-01",
    }  # fmt: skip
    issue = {
        "issue_key": "may-2026", "title": "May", "issued_at": "2026-05-05T09:00:00Z", "parts": [
            {"heading": "Coming up", "html": "<p>Hello <strong>all</strong>.</p>",
             "entries": [{"title": "Hoarding", "facts": ["7 May"], "path": "events/x"}]},
        ],
    }  # fmt: skip
    town.resources.answers |= {
        "GET /modules": lambda *_: (200, suite),
        "GET /modules/tic-introduction": lambda *_: (200, module),
        "GET /you-said": lambda *_: (200, {"items": [said], "next": said["item_id"]}),
        "GET /stories": lambda *_: (200, {"items": [story], "next": None}),
        "POST /members/codes": lambda *_: town.refusal or (201, {"code_id": CODE_ID}),
        "POST /members": lambda *_: town.refusal or (201, {"member_id": CODE_ID}),
    }
    town.notifications.answers |= {
        "GET /bulletin-archive": lambda *_: (200, [issue]),
        "GET /bulletin-archive/may-2026": lambda *_: (200, issue),
    }
