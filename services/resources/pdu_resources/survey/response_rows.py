"""Responses as they are kept, and what is told of them: codes, ranks and numbers, no words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from pdu_resources.rules.project_year import local_date
from pdu_resources.rules.survey import Answer
from pdu_resources.survey.survey_rows import survey_id
from pdu_shared import outbox
from pdu_shared.contracts.resources.survey import Answered, Ranked, SurveyConsent, SurveySubmitted
from pdu_shared.contracts.resources.voice import ThemeCoded
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.local_time import local_day
from pdu_shared.outbox import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondent:
    """Who answers, as far as they say, and what may be done with their answers."""

    person_id: UUID | None
    """Only of those who agreed to be linked."""
    sector: str | None
    work_field: str | None
    may_evaluate: bool
    may_quote: bool
    may_link: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A response as it was submitted."""

    response_id: UUID
    survey_key: str
    wave: str
    learning_event_id: UUID | None
    invitation_id: UUID | None
    respondent: Respondent
    submitted_at: datetime
    channel: str | None = None
    """By which way it came without an invitation."""
    open_link_id: UUID | None = None


async def keep(conn: Conn, response: Submitted, answers: Sequence[Answer]) -> None:
    """Write a response down, in the place of what its respondent answered before."""
    await _upsert(conn, response)
    await forget_answers(conn, response.response_id, now=response.submitted_at)
    await _insert_answers(conn, response.response_id, answers)
    await _insert_options(conn, response.response_id, answers)
    await _insert_texts(conn, response.response_id, answers)


async def forget_answers(conn: Conn, response_id: UUID, *, now: datetime) -> None:
    """Forget what a response holds, its texts among it; themes of those are told to be none."""
    coded = await conn.fetch(
        """
        SELECT text_id, survey_key, wave, question_code, coder_role
          FROM answer_text JOIN text_coding USING (text_id) JOIN response USING (response_id)
         WHERE response_id = $1
         ORDER BY text_id
        """,
        response_id,
    )
    await outbox.add(
        conn, *(ThemeCoded(**row, themes=(), coded_on=local_day(now)) for row in coded)
    )
    await conn.execute("DELETE FROM answer WHERE response_id = $1", response_id)


async def told(conn: Conn, response_ids: Sequence[UUID]) -> list[Promise]:
    """What is told of these responses, with all that they hold."""
    answers = await _answers(conn, response_ids)
    rows = await conn.fetch(
        """
        SELECT response.response_id, survey_key, wave, learning_event_id, person_id, sector,
               work_field, submitted_at, channel, may_evaluate, may_quote, may_link, imported,
               array_agg(text_id ORDER BY text_id) FILTER (WHERE text_id IS NOT NULL) AS text_ids
          FROM response LEFT JOIN answer_text USING (response_id)
         WHERE response.response_id = ANY ($1::uuid[])
         GROUP BY response.response_id
         ORDER BY submitted_at, response.response_id
        """,
        response_ids,
    )
    return [
        Promise(
            SurveySubmitted(
                response_id=row["response_id"],
                survey_id=survey_id(row["survey_key"]),
                survey_key=row["survey_key"],
                wave=row["wave"],
                learning_event_id=row["learning_event_id"],
                person_id=row["person_id"],
                sector=row["sector"],
                work_field=row["work_field"],
                submitted_on=local_date(row["submitted_at"]),
                answers=tuple(answers[row["response_id"]]),
                text_ids=tuple(row["text_ids"] or ()),
                channel=row["channel"],
                consent=_consent(row),
            ),
            happened_at=row["submitted_at"],
        )
        for row in rows
    ]


def _consent(row: asyncpg.Record) -> SurveyConsent | None:
    if row["imported"]:
        return None
    return SurveyConsent(
        evaluation=row["may_evaluate"], quote=row["may_quote"], link=row["may_link"]
    )


async def _answers(conn: Conn, response_ids: Sequence[UUID]) -> dict[UUID, list[Answered]]:
    rows = await conn.fetch(
        """
        SELECT response_id, question_code, version, state, number,
               array_agg(option_code::text ORDER BY option_code)
                   FILTER (WHERE option_code IS NOT NULL AND rank IS NULL) AS options,
               array_agg(option_code::text ORDER BY rank, option_code)
                   FILTER (WHERE rank IS NOT NULL) AS ranked,
               array_agg(rank ORDER BY rank, option_code) FILTER (WHERE rank IS NOT NULL) AS ranks
          FROM answer LEFT JOIN answer_option USING (response_id, question_code)
         WHERE response_id = ANY ($1::uuid[])
         GROUP BY response_id, question_code
         ORDER BY response_id, place, question_code
        """,
        response_ids,
    )
    answers: dict[UUID, list[Answered]] = defaultdict(list)
    for row in rows:
        answers[row["response_id"]].append(_answered(row))
    return answers


def _answered(row: asyncpg.Record) -> Answered:
    ranks = zip(row["ranked"] or (), row["ranks"] or (), strict=True)
    return Answered(
        question_code=row["question_code"],
        version=row["version"],
        state=row["state"],
        options=tuple(row["options"] or ()),
        ranks=tuple(Ranked(option=option, rank=rank) for option, rank in ranks),
        number=row["number"],
    )


async def _upsert(conn: Conn, response: Submitted) -> None:
    await conn.execute(
        """
        INSERT INTO response (response_id, survey_key, wave, learning_event_id, invitation_id,
                              person_id, sector, work_field, may_evaluate, may_quote, may_link,
                              submitted_at, open_link_id, channel)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT (response_id) DO UPDATE
           SET person_id = excluded.person_id, sector = excluded.sector,
               work_field = excluded.work_field, may_evaluate = excluded.may_evaluate,
               may_quote = excluded.may_quote, may_link = excluded.may_link,
               submitted_at = excluded.submitted_at
        """,
        response.response_id,
        response.survey_key,
        response.wave,
        response.learning_event_id,
        response.invitation_id,
        response.respondent.person_id,
        response.respondent.sector,
        response.respondent.work_field,
        response.respondent.may_evaluate,
        response.respondent.may_quote,
        response.respondent.may_link,
        response.submitted_at,
        response.open_link_id,
        response.channel,
    )


async def _insert_answers(conn: Conn, response_id: UUID, answers: Sequence[Answer]) -> None:
    await conn.executemany(
        """
        INSERT INTO answer (response_id, question_code, version, state, number, place)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        [
            (response_id, one.question_code, one.version, one.state, one.number, place)
            for place, one in enumerate(answers, start=1)
        ],
    )


async def _insert_options(conn: Conn, response_id: UUID, answers: Sequence[Answer]) -> None:
    chosen = [(one.question_code, option, None) for one in answers for option in one.options]
    ranked = [(one.question_code, item, rank) for one in answers for item, rank in one.ranks]
    await conn.executemany(
        """
        INSERT INTO answer_option (response_id, question_code, option_code, rank)
        VALUES ($1, $2, $3, $4)
        """,
        [(response_id, *row) for row in (*chosen, *ranked)],
    )


async def _insert_texts(conn: Conn, response_id: UUID, answers: Sequence[Answer]) -> None:
    await conn.executemany(
        """
        INSERT INTO answer_text (text_id, response_id, question_code, said)
        VALUES ($1, $2, $3, $4)
        """,
        [(uuid7(), response_id, one.question_code, one.text) for one in answers if one.text],
    )
