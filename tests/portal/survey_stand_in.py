"""What a stand-in for resources knows of surveys: one of each type of question, and its answers."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from portal.stand_in import Town, now

INVITED = "yJ4Zq0x7-Kd_survey-link-93QmB"
LINK = f"/s/{INVITED}"
OPEN = "/surveys/evaluation"
IN_THE_ROOM = "/o/open-link-of-the-room"


def options(**labels: str) -> list[dict]:
    return [{"code": code, "label": label} for code, label in labels.items()]


def question(code: str, kind: str, wording: str, **more: object) -> dict:
    return {
        "code": code,
        "version": 1,
        "type": kind,
        "wording": wording,
        "options": [],
        "offers_not_applicable": False,
        "minimum": None,
        "maximum": None,
    } | more


QUESTIONS = [
    question(
        "core.confidence",
        "single",
        "Are you more confident in addressing the issue?",
        options=options(much_greater="I am much more confident", no_greater="No more confident"),
    ),
    question(
        "core.lived_experience.value",
        "single",
        "How much did the involvement of people with lived experience add?",
        options=options(a_great_deal="A great deal", nothing="Nothing"),
        offers_not_applicable=True,
    ),
    question(
        "fu.shared_with",
        "multiple",
        "With whom have you shared what you learned?",
        options=options(managers="Managers", colleagues="Colleagues", nobody_yet="Nobody yet"),
    ),
    question(
        "ev.rank_impact",
        "ranking",
        "In which areas has the PDU had most impact?",
        options=options(
            service_delivery="The way you deliver services",
            knowledge_skills="Knowledge and skills",
            confidence="Confidence in your work",
            policy_strategy="Policy and strategy",
        ),
        offers_not_applicable=True,
    ),
    question(
        "fu.colleagues",
        "number",
        "How many colleagues have you told?",
        minimum=0,
        maximum=500,
        offers_not_applicable=True,
    ),
    question("fu.action.what", "text", "What did you do?", offers_not_applicable=True),
]


@dataclass
class Surveys:
    """The survey behind one link and open to all, what was answered, and a refusal to give."""

    town: Town
    title: str = "Some time after the event"
    questions: list[dict] = field(default_factory=lambda: list(QUESTIONS))
    learning_event_id: str | None = None
    answered: dict[str, dict] = field(default_factory=dict)
    refusal: tuple[int, dict] | None = None

    def open(self, *_: object) -> tuple[int, object]:
        survey = {"survey_key": "evaluation", "title": self.title, "questions": self.questions}
        return 200, survey

    def personal(self, *_: object) -> tuple[int, object]:
        return 200, {
            "answered": LINK in self.answered,
            "wave": "2027-01",
            "learning_event_id": self.learning_event_id,
            "closes_at": (now() + timedelta(days=9)).isoformat(),
            "survey": self.open()[1],
        }

    def take(self, path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.refusal:
            return self.refusal
        self.answered[path.removesuffix("/responses")] = body
        return 200, {"response_id": str(UUID(int=9)), "survey_key": "evaluation", "wave": "2027-01"}

    def take_back(self, *_: object) -> tuple[int, object]:
        if LINK not in self.answered:
            return 409, {"title": "No.", "detail": "You took your answers back."}
        del self.answered[LINK]
        return 204, {}

    def refuse(self, *faults: tuple[str, str, str]) -> None:
        errors = [dict(zip(("pointer", "code", "detail"), fault, strict=True)) for fault in faults]
        self.refusal = (422, {"title": "This cannot be kept.", "status": 422, "errors": errors})


def surveys_of(town: Town) -> Surveys:
    """Let the town's resources ask and take a survey."""
    it = Surveys(town)
    town.services["resources"].answers |= {
        f"GET {LINK}": it.personal,
        f"GET {OPEN}": it.open,
        f"GET {IN_THE_ROOM}": it.personal,
        f"POST {IN_THE_ROOM}/responses": it.take,
        f"DELETE {LINK}/responses": it.take_back,
        f"POST {LINK}/responses": it.take,
        f"POST {OPEN}/responses": it.take,
    }
    return it
