"""What resources answers about surveys, as far as the pages need it."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from pdu_portal.shapes import Term

SECONDS_A_QUESTION = 25
# The code of no option: those begin with a letter or a figure.
DOES_NOT_APPLY = Term(code="-", label="Does not apply")


class Question(BaseModel):
    """One question, its type, and what can be chosen."""

    code: str
    type: Literal["single", "multiple", "ranking", "number", "text"]
    wording: str
    options: list[Term] = []
    offers_not_applicable: bool = False
    minimum: float | None = None
    maximum: float | None = None

    @property
    def fields(self) -> list[str]:
        """The names of its fields in the form, which are their ids too."""
        match self.type:
            case "single":
                return [f"option:{self.code}"]
            case "multiple":
                return [f"tick:{self.code}:{term.code}" for term in self.offered]
            case "ranking":
                return [f"rank:{self.code}:{term.code}" for term in self.options]
            case "number" | "text":
                return [f"{self.type}:{self.code}"]

    @property
    def field(self) -> str:
        """Its first field, to which an error leads that is in no other."""
        return next(iter(self.fields), self.code)

    @property
    def offered(self) -> list[Term]:
        """What can be ticked."""
        return [*self.options, *([DOES_NOT_APPLY] if self.offers_not_applicable else [])]

    @property
    def places(self) -> list[Term]:
        """What place an item can be given."""
        numbers = range(1, len(self.options) + 1)
        return [Term(code=str(number), label=str(number)) for number in numbers]

    @property
    def bounds(self) -> str:
        """A number from 0 to 10: what can be written, where that is a number."""
        match self.minimum, self.maximum:
            case None, None:
                return "a number"
            case least, None:
                return f"a number, {least:g} or more"
            case None, most:
                return f"a number, {most:g} or less"
            case least, most:
                return f"a number from {least:g} to {most:g}"


class Survey(BaseModel):
    """The questions of a survey, in their order."""

    survey_key: str
    title: str
    questions: list[Question]

    @property
    def minutes(self) -> int:
        """How long it takes, about."""
        return minutes_of(len(self.questions))


def minutes_of(questions: int) -> int:
    """How long so many questions take, about."""
    return max(2, round(questions * SECONDS_A_QUESTION / 60))


class Asked(BaseModel):
    """A survey as one person meets it; without an invitation, it never closes."""

    survey: Survey
    answered: bool = False
    learning_event_id: UUID | None = None
    closes_at: AwareDatetime | None = None
    taken_back_at: str = ""
    """The page on which answers are taken back, where they can be."""


class Received(BaseModel):
    """That answers were kept; the page that follows asks anew for what it shows."""
