"""The questions and surveys that a new installation begins with, put in place and told once."""

import tomllib
from collections.abc import Sequence
from importlib.resources import files

import structlog

from pdu_resources.survey import question, survey_rows
from pdu_resources.survey.question import AskQuestion
from pdu_resources.survey.survey import DefineSurvey
from pdu_shared import outbox
from pdu_shared.database import Conn

BEGINNING = files("pdu_resources") / "questions.toml"

log = structlog.get_logger()


async def seed(conn: Conn) -> None:
    """Add the questions and surveys that are missing, and tell of them.

    Safe to repeat: what is there stays as it is, and is not told again.
    """
    bank = tomllib.loads(BEGINNING.read_text("utf-8"))
    questions = await _new_questions(conn, [_question(one) for one in bank["question"]])
    surveys = await _new_surveys(conn, [DefineSurvey(**one) for one in bank["survey"]])
    await question.insert(conn, [(one, 1) for one in questions])
    for one in surveys:
        asked = [(code, 1) for code in one.questions]
        await survey_rows.insert(
            conn, one.survey_key, title=one.title, kind=one.kind, questions=asked
        )
    await outbox.add(
        conn,
        *await question.versioned(conn, [(one.code, 1) for one in questions]),
        *await survey_rows.defined(conn, [one.survey_key for one in surveys]),
    )
    log.info("seeded", questions=len(questions), surveys=len(surveys))


def _question(told: dict[str, object]) -> AskQuestion:
    labels = told.get("options", {})
    assert isinstance(labels, dict)
    options = [{"code": code, "label": label} for code, label in labels.items()]
    return AskQuestion.model_validate({**told, "options": options})


async def _new_questions(conn: Conn, asked: Sequence[AskQuestion]) -> list[AskQuestion]:
    rows = await conn.fetch("SELECT DISTINCT code FROM question")
    known = {row["code"] for row in rows}
    return [one for one in asked if one.code not in known]


async def _new_surveys(conn: Conn, asked: Sequence[DefineSurvey]) -> list[DefineSurvey]:
    rows = await conn.fetch("SELECT survey_key FROM survey")
    known = {row["survey_key"] for row in rows}
    return [one for one in asked if one.survey_key not in known]
