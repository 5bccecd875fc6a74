"""Surveys as they are kept: what they ask, and what is told of that."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from pdu_resources.survey.question import AskedIf, OptionSeen, QuestionSeen
from pdu_shared.contracts.resources.survey import SurveyDefined, SurveyKind, SurveyQuestion
from pdu_shared.database import Conn
from pdu_shared.identity import derived_id
from pdu_shared.problems import NotFound


class SurveySeen(BaseModel):
    """A survey as it is asked: enough to draw the form."""

    survey_key: str
    title: str
    kind: SurveyKind
    questions: list[QuestionSeen]


async def survey(conn: Conn, survey_key: str, learning_event_id: UUID | None = None) -> SurveySeen:
    """A survey that can be answered; after a learning event with a question for each outcome of it.

    NotFound for one that is only known from records.
    """
    row = await conn.fetchrow(
        "SELECT title, kind FROM survey WHERE survey_key = $1 AND NOT imported", survey_key
    )
    if row is None:
        raise NotFound
    kind = SurveyKind(row["kind"])
    outcomes = learning_event_id if kind is SurveyKind.POST_EVENT else None
    rows = await conn.fetch(
        """
        WITH asked (question_code, version, place, about) AS (
            SELECT question_code, version, place, NULL
              FROM survey_question
             WHERE survey_key = $1
             UNION ALL
            SELECT code, max(version), 100 + number, outcome
              FROM event_outcome JOIN question ON code = 'event.outcome.' || number
             WHERE learning_event_id = $2 AND NOT imported
             GROUP BY code, number, outcome)
        SELECT asked.question_code AS code, asked.version, type, wording, offers_not_applicable,
               minimum, maximum, asked_if, asked_if_options, about,
               array_agg(option.code::text ORDER BY option.place)
                   FILTER (WHERE NOT option.imported) AS options,
               array_agg(option.label ORDER BY option.place)
                   FILTER (WHERE NOT option.imported) AS labels
          FROM asked
          JOIN question ON question.code = asked.question_code AND question.version = asked.version
          LEFT JOIN question_option AS option ON option.question_code = asked.question_code
                                             AND option.version = asked.version
         GROUP BY asked.question_code, asked.version, asked.place, about, question.code,
                  question.version
         ORDER BY asked.place
        """,
        survey_key,
        outcomes,
    )
    questions = {one.code: one for one in map(_seen, rows)}
    return SurveySeen(
        survey_key=survey_key, title=row["title"], kind=kind, questions=[*questions.values()]
    )


async def insert(
    conn: Conn,
    survey_key: str,
    *,
    title: str,
    kind: SurveyKind | None,
    questions: Sequence[tuple[str, int]],
) -> None:
    """Write a survey down with its questions, each in this version.

    What it asked before is forgotten, what was answered is not.
    """
    await conn.execute(
        """
        INSERT INTO survey AS kept (survey_key, title, kind)
        VALUES ($1, $2, coalesce($3::text, 'other'))
            ON CONFLICT (survey_key) DO UPDATE
           SET title = excluded.title, kind = coalesce($3, kept.kind), imported = false
        """,
        survey_key,
        title,
        kind,
    )
    await conn.execute("DELETE FROM survey_question WHERE survey_key = $1", survey_key)
    await conn.execute(
        """
        INSERT INTO survey_question (survey_key, question_code, version, place)
        SELECT $1, * FROM unnest($2::text[], $3::int[]) WITH ORDINALITY
        """,
        survey_key,
        [code for code, _ in questions],
        [version for _, version in questions],
    )


async def defined(conn: Conn, survey_keys: Sequence[str]) -> list[SurveyDefined]:
    """What is told of these surveys."""
    rows = await conn.fetch(
        """
        SELECT survey_key, title, kind,
               array_agg(question_code::text ORDER BY place, question_code)
                   FILTER (WHERE question_code IS NOT NULL) AS questions,
               array_agg(version ORDER BY place, question_code)
                   FILTER (WHERE question_code IS NOT NULL) AS versions
          FROM survey LEFT JOIN survey_question USING (survey_key)
         WHERE survey_key = ANY ($1::text[])
         GROUP BY survey_key
         ORDER BY survey_key
        """,
        survey_keys,
    )
    return [
        SurveyDefined(
            survey_id=survey_id(row["survey_key"]),
            survey_key=row["survey_key"],
            title=row["title"],
            kind=row["kind"],
            questions=tuple(
                SurveyQuestion(code=code, version=version)
                for code, version in zip(row["questions"] or (), row["versions"] or (), strict=True)
            ),
        )
        for row in rows
    ]


def survey_id(survey_key: str) -> UUID:
    """The id of a survey by its key."""
    return derived_id("survey", survey_key)


def _seen(row: asyncpg.Record) -> QuestionSeen:
    options = zip(row["options"] or (), row["labels"] or (), strict=True)
    return QuestionSeen(
        code=row["code"],
        version=row["version"],
        type=row["type"],
        wording=row["wording"],
        options=[OptionSeen(code=code, label=label) for code, label in options],
        offers_not_applicable=row["offers_not_applicable"],
        minimum=row["minimum"],
        maximum=row["maximum"],
        asked_if=_asked_if(row),
        about=row["about"],
    )


def _asked_if(row: asyncpg.Record) -> AskedIf | None:
    if row["asked_if"] is None:
        return None
    return AskedIf(question=row["asked_if"], options=tuple(row["asked_if_options"]))
