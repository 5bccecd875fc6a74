"""What people send who answer a survey: consent first, then an answer to each question."""

from typing import Annotated

from pydantic import Field

from pdu_resources.rules.survey import LONGEST_TEXT, Given
from pdu_resources.survey.survey import MOST_QUESTIONS
from pdu_shared.contracts.message import Code
from pdu_shared.forms import Form, Measure, WholeNumber

YesOrNo = Annotated[bool, Field(strict=True)]
Wave = Annotated[
    str,
    Field(pattern=r"^20[1-9][0-9]-(0[1-9]|1[0-2])$", description="A month, such as 2027-01"),
]


class Consent(Form):
    """What somebody agrees to. Without the first, nothing is kept."""

    evaluation: YesOrNo = False
    quote: YesOrNo = False
    link: YesOrNo = False


class RankGiven(Form):
    """An item and the place that somebody gives it; 1 is first."""

    option: Code
    rank: WholeNumber


class AnswerGiven(Form):
    """The answer to one question, in the field that its type asks for."""

    question: Code
    version: Annotated[
        WholeNumber | None, Field(description="Which version you read, if you say")
    ] = None
    options: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    ranks: Annotated[tuple[RankGiven, ...], Field(max_length=50)] = ()
    number: Measure | None = None
    text: Annotated[str | None, Field(json_schema_extra={"maxLength": LONGEST_TEXT})] = None
    not_applicable: YesOrNo = False

    def given(self) -> Given:
        """The answer as the rules read it."""
        ranks = tuple((one.option, one.rank) for one in self.ranks)
        return Given(**{**dict(self), "ranks": ranks})


class SubmitAnswers(Form):
    """Answers with consent to use them. Who somebody is may stay open."""

    consent: Consent
    sector: Code | None = None
    work_field: Code | None = None
    answers: Annotated[tuple[AnswerGiven, ...], Field(max_length=2 * MOST_QUESTIONS)]
