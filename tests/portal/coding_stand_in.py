"""What people wrote, in a town: texts with their themes, a code book, quotes and changes."""

from dataclasses import dataclass, field
from uuid import uuid4

from portal.stand_in import Town, now

THEMES = [
    {"code": "partnership", "label": "Work <with> others", "means": "Any link to another service.",
     "retired": False, "texts": 3},
    {"code": "trust", "label": "Trust", "means": "Of people and services.", "retired": False,
     "texts": 0},
    {"code": "old", "label": "An old one", "means": "Not used.", "retired": True, "texts": 1},
]  # fmt: skip
NO = (409, {"title": "Conflict", "detail": "Somebody else than whoever coded it first."})


@dataclass
class Written:
    """Texts, quotes and changes, and what was written of them."""

    town: Town
    texts: dict[str, dict] = field(default_factory=dict)
    quotes: dict[str, dict] = field(default_factory=dict)
    change: dict = field(default_factory=dict)
    writes: list[dict] = field(default_factory=list)
    refusal: tuple[int, dict] | None = None

    def text(self, said: str, **more: object) -> str:
        text_id = str(uuid4())
        self.texts[text_id] = {
            "text_id": text_id, "survey_key": "post_event", "wave": "a",
            "question_code": "core.improve", "said": said, "may_quote": True, "themes": [],
            "coded_at": None, "second_themes": None, "second_at": None,
        } | more  # fmt: skip
        return text_id

    def quote(self, said: str, **more: object) -> str:
        quote_id = str(uuid4())
        self.quotes[quote_id] = {
            "quote_id": quote_id, "said": said, "source_type": "interviewee", "themes": ["trust"],
            "approved_at": None, "withdrawn_at": None,
        } | more  # fmt: skip
        return quote_id

    def listed(self, _path: str, query: dict, _body: dict) -> tuple[int, object]:
        coded, second = query.get("coded", [""])[0], query.get("second", [""])[0]
        found = [
            one for one in self.texts.values()
            if (not coded or (one["coded_at"] is not None) == (coded == "true"))
            and (not second or (one["coded_at"] and not one["second_at"]))
        ]  # fmt: skip
        after = query.get("after", [""])[0]
        known = [one["text_id"] for one in found]
        found = found[known.index(after) + 1 :] if after in known else found
        return 200, {"items": found, "next": None}

    def one(self, path: str, *_: object) -> tuple[int, object]:
        found = self.texts.get(path.split("/")[2])
        return (200, found) if found else (404, {"title": "Not found"})

    def code(self, path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.refusal:
            return self.refusal
        _, _, text_id, which = path.split("/")
        self.writes.append({"path": which, **body})
        named = ("themes", "coded_at") if which == "themes" else ("second_themes", "second_at")
        self.texts[text_id] |= dict(zip(named, (body["themes"], now().isoformat()), strict=True))
        return 200, self.texts[text_id]

    def enter(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.refusal:
            return self.refusal
        self.writes.append(body)
        quote_id = self.quote(body["said"], source_type=body["source_type"])
        return 201, self.quotes[quote_id]

    def decide(self, path: str, *_: object) -> tuple[int, object]:
        _, _, quote_id, step = path.split("/")
        if step == "approval":
            self.quotes[quote_id]["approved_at"] = now().isoformat()
            return 200, self.quotes[quote_id]
        return 200, self.quotes.pop(quote_id)

    def write(self, path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.refusal:
            return self.refusal
        self.writes.append({"path": path, **body})
        return 200, {}


def written(town: Town) -> Written:
    """A town in which people wrote something."""
    it = Written(town)
    it.text("We ring <each> other now.")
    it.text("More time to talk.", themes=["trust"], coded_at=now().isoformat(), may_quote=False)
    it.quote("They <listened>.")
    it.change = {
        "impact_id": str(uuid4()), "state": "verified", "what": "A hostel <asks> first.",
        "happened_on": "2026-06-01", "level": "organisation", "aims": ["welcoming"], "version": 2,
        "other_factors": "A new law.", "evidence": ["interview"],
    }  # fmt: skip
    agreed = {"texts": 4, "same": 3, "themes": [
        {"code": "trust", "by_both": 3, "by_one": 1, "kappa": 0.5},
        {"code": "old", "by_both": 1, "by_one": 0, "kappa": None},
    ]}  # fmt: skip
    answers = {
        "GET /texts": it.listed,
        "GET /texts/*": it.one,
        "PUT /texts/*": it.code,
        "GET /themes": lambda *_: (200, {"themes": THEMES}),
        "PUT /themes/*": it.write,
        "GET /coding-agreement": lambda *_: (200, agreed),
        "GET /quotes": lambda *_: (200, {"items": list(it.quotes.values()), "next": None}),
        "POST /quotes": it.enter,
        "PUT /quotes/*": it.decide,
        "GET /impacts": lambda *_: (200, {"items": [it.change], "next": None}),
        f"GET /impacts/{it.change['impact_id']}": lambda *_: (200, it.change),
        f"PUT /impacts/{it.change['impact_id']}/*": it.write,
    }
    known = town.resources.answers
    town.resources.answers = answers | {k: v for k, v in known.items() if k not in answers}
    return it
