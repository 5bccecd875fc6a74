"""What people answered: every survey with its results, and the texts that stand in it."""

import asyncio
import re

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.coding.room import Coder
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.neighbours import NotThere
from pdu_portal.shapes import Term

router = APIRouter(include_in_schema=False)

PAGE = "/answers"
KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


class Survey(BaseModel):
    """A survey in the list."""

    survey_key: str
    title: str
    kind: str
    questions: list[str] = []


class Surveys(BaseModel):
    """All of them."""

    surveys: list[Survey] = []


class Question(BaseModel):
    """A question as it is worded now."""

    code: str
    type: str
    wording: str
    options: list[Term] = []


class Whole(BaseModel):
    """A survey with its questions."""

    survey_key: str
    title: str
    kind: str
    questions: list[Question] = []


class Share(BaseModel):
    """How many chose an option; no value where so few answered that a share would mislead."""

    question_code: str | None = None
    option_code: str | None = None
    survey_key: str | None = None
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    withheld: bool = False


class Figure(BaseModel):
    """A figure with its rows."""

    rows: list[Share] = []

    def of(self, question: str, option: str) -> Share | None:
        """The row of an option."""
        here = (one for one in self.rows if one.question_code == question)
        return next((one for one in here if one.option_code == option), None)


@router.get(PAGE)
async def surveys(desk: AtDesk, viewer: Coder) -> Response:
    """All surveys, and how many answered each."""
    del viewer
    found, counted = await asyncio.gather(
        or_none(desk.services.resources, "/surveys", Surveys),
        or_none(desk.services.reporting, "/figures/survey_responses?by=survey_key", Figure),
    )
    context = {
        "area": "answers",
        "private": True,
        "surveys": found,
        "responses": {one.survey_key: one.value for one in counted.rows} if counted else {},
        "at": PAGE,
    }
    return desk.pages.page("coding/answers.html", context)


@router.get(PAGE + "/{survey_key}")
async def answers(survey_key: str, desk: AtDesk, viewer: Coder) -> Response:
    """What people answered to one."""
    del viewer
    return await results_page(desk, survey_key, area="answers", back=PAGE)


async def results_page(desk: Desk, survey_key: str, *, area: str, back: str) -> Response:
    """The questions of a survey, and what people answered, as reporting counts it."""
    if not KEY.fullmatch(survey_key):
        raise NotThere("resources")
    survey = await desk.services.resources.read(f"/surveys/{survey_key}", Whole)
    figures, asked = desk.services.reporting, f"survey_key={survey_key}"
    shares, responses, rate = await asyncio.gather(
        or_none(figures, f"/figures/survey_share?{asked}&by=question_code,option_code", Figure),
        or_none(figures, f"/figures/survey_responses?{asked}", Figure),
        or_none(figures, f"/figures/response_rate?{asked}", Figure),
    )
    context = {
        "area": area,
        "within": True,
        "private": True,
        "back": back,
        "survey": survey,
        "shares": shares,
        "responses": responses.rows[0] if responses and responses.rows else None,
        "rate": rate.rows[0] if rate and rate.rows else None,
    }
    return desk.pages.page("coding/survey.html", context)
