"""A module, a pathway and a recording on the stand-in of resources."""

from dataclasses import dataclass, field

from portal.stand_in import Town, now

MODULE = "tic-introduction"
PARTS = 3


@dataclass
class Study:
    """Where somebody is with the module, and what they answered."""

    town: Town
    page: int | None = None
    completed: bool = False
    answers: dict[str, dict] = field(default_factory=dict)
    certificate: dict | None = None

    def progress(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.town.refusal:
            return self.town.refusal
        if "page" in body:
            self.page = body["page"]
        state = "completed" if self.completed else "in_progress" if self.page else "not_started"
        return 200, {"module_key": MODULE, "state": state, "page": self.page, "pages": PARTS}

    def save(self, path: str, query: dict, body: dict) -> tuple[int, object]:
        self.page = self.page or 1
        return self.progress(path, query, body)

    def complete(self, path: str, query: dict, _body: dict) -> tuple[int, object]:
        self.completed = True
        return self.progress(path, query, {})

    def read(self, path: str, *_: object) -> tuple[int, object]:
        if not self.page:
            return 409, {"title": "Begin first.", "status": 409}
        number = int(path.rpartition("/")[2])
        if number > PARTS:
            return 404, {"title": "No."}
        offered = [{"code": code, "html": f"<p>Answer {code}</p>"} for code in "ab"]
        asked = [
            {"kind": "question", "question_code": code, "answered_by": kind, "options": offered,
             "html": f"<p>Question {code}?</p>", "answer": self.answers.get(code)}
            for code, kind in (("first", "one"), ("more", "several"), ("own", "write"))
        ]  # fmt: skip
        parts = [{"kind": "text", "html": "<p>Harm <em>happens</em>.</p>"}, *asked]
        return 200, {"page": number, "pages": PARTS, "title": f"Part {number}", "parts": parts}

    def answer(self, path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.town.refusal:
            return self.town.refusal
        code = path.rpartition("/")[2]
        about = [{"option": one, "fits": one == "a", "html": f"<p>About {one}.</p>"}
                 for one in body.get("options", [])]  # fmt: skip
        said = {"question_code": code, "options": body.get("options", []), "about": about,
                "said": body.get("said"), "html": "<p>To everybody.</p>"}  # fmt: skip
        self.answers[code] = said
        return 200, said

    def own_certificate(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        if "show_name" in body:
            holder = "Marian Leaford" if body["show_name"] else "M. L."
            self.certificate = {"code": "KM-4F7", "holder": holder, **body}
        return (200, self.certificate) if self.certificate else (404, {"title": "None."})


def studying(town: Town) -> Study:
    """Somebody who may learn in this town."""
    study = Study(town)
    module = {
        "module_key": MODULE, "title": "Trauma informed care", "minutes": 25, "summary": "Six.",
        "pages": ["Why", "How", "What then"], "support": "Samaritans: 116 123",
    }  # fmt: skip
    step = {"place": 1, "kind": "module", "ref": MODULE, "title": "Trauma", "there": True}
    steps = [step, {**step, "place": 2, "kind": "event", "ref": "e1", "title": "Meet"}]
    pathway = {"pathway_key": "new-to-outreach", "title": "New to outreach", "summary": "Two.",
               "minutes": 40, "gives_badge": True, "all_steps": steps}  # fmt: skip
    on_the_way = {"pathway_key": "new-to-outreach", "title": "New to outreach",
                  "steps": [{**steps[0], "done": True}, steps[1]], "next_step": 2}  # fmt: skip
    began: dict[str, str] = {}

    def set_out(*_: object) -> tuple[int, object]:
        began["started_at"] = now().isoformat()
        return 200, on_the_way | began

    item = {"item_key": "cuckooing", "type": "recording", "title": "Cuckooing", "summary": "One.",
            "members_only": True, "captions": "captioned"}  # fmt: skip
    files = [
        {"path": "/media/film-777777", "role": "original", "media_type": "video/mp4"},
        {"path": "/media/words-777777", "role": "captions", "media_type": "text/vtt"},
        {"path": "/media/script-777777", "role": "transcript", "media_type": "text/plain"},
        {"path": "https://evil.example.org/x", "role": "transcript", "media_type": "text/plain"},
    ]
    playback = {"files": files, "good_until": now().isoformat()}
    town.resources.answers |= {
        f"GET /modules/{MODULE}/progress": study.progress,
        f"PUT /modules/{MODULE}/progress": study.save,
        f"PUT /modules/{MODULE}/completion": study.complete,
        f"GET /modules/{MODULE}/pages/*": study.read,
        f"PUT /modules/{MODULE}/answers/*": study.answer,
        f"GET /modules/{MODULE}/certificate": study.own_certificate,
        f"PUT /modules/{MODULE}/certificate": study.own_certificate,
        f"GET /modules/{MODULE}": lambda *_: (200, module),
        "GET /pathways": lambda *_: (200, {"items": [pathway]}),
        "GET /pathways/new-to-outreach": lambda *_: (200, pathway),
        "GET /pathways/new-to-outreach/progress": lambda *_: (200, on_the_way | began),
        "PUT /pathways/new-to-outreach/progress": set_out,
        "GET /items/cuckooing": lambda *_: (200, item),
        "POST /items/cuckooing/playback": lambda *_: town.refusal or (201, playback),
        "GET /items/cuckooing/files/slides.pdf": lambda *_: (200, "%PDF-"),
        "GET /media/film-777777": lambda *_: (200, "film"),
    }
    return study
