"""Imported answers as rows: added, corrected, and never taken away because a copy lacks them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pdu_shared.database import Conn
from pdu_shared.problems import Fault, Refused

MOST_PARTS = 200
"""Of a response, of a question, of a survey: so that each still travels in one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One choice, rank or number of a response, and the response that it belongs to."""

    response_id: UUID
    survey_key: str
    wave: str
    learning_event_id: UUID | None
    sector: str | None
    work_field: str | None
    submitted_at: datetime
    question_code: str
    version: int
    option_code: str | None
    rank: int | None
    number: float | None


async def upsert(conn: Conn, said: Sequence[Said], of_one_choice: Collection[str]) -> list[Said]:
    """Write all of it down; those of it that changed something.

    To a question of one choice another choice is a correction. Raises Refused for a response, a
    question or a survey that has more parts than a message can tell.
    """
    responses = await _upsert_responses(conn, said)
    answers = await _upsert_answers(conn, said)
    corrected = await _forget_other_choices(
        conn, [one for one in said if one.question_code in of_one_choice]
    )
    options = await _upsert_options(conn, [one for one in said if one.option_code is not None])
    if too_many := await _too_many(conn, said):
        raise Refused(errors=[Fault(f"/{too_many}", "too-many", f"More than {MOST_PARTS} parts.")])
    return [
        one
        for one in said
        if one.response_id in responses
        or (one.response_id, one.question_code) in answers | corrected
        or (one.response_id, one.question_code, one.option_code) in options
    ]


async def _upsert_responses(conn: Conn, said: Iterable[Said]) -> set[UUID]:
    heads = {one.response_id: one for one in said}
    rows = await conn.fetch(
        """
        INSERT INTO response AS kept (response_id, survey_key, wave, learning_event_id, sector,
                                      work_field, submitted_at, may_evaluate, may_quote, may_link,
                                      imported)
        SELECT *, false, false, false, true
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[],
                      $7::timestamptz[])
               AS told (response_id)
         ORDER BY response_id
            ON CONFLICT (response_id) DO UPDATE
           SET survey_key = excluded.survey_key, wave = excluded.wave,
               learning_event_id = excluded.learning_event_id, sector = excluded.sector,
               work_field = excluded.work_field, submitted_at = excluded.submitted_at
         WHERE (kept.survey_key, kept.wave, kept.learning_event_id, kept.sector, kept.work_field,
                kept.submitted_at)
               IS DISTINCT FROM
               (excluded.survey_key, excluded.wave, excluded.learning_event_id, excluded.sector,
                excluded.work_field, excluded.submitted_at)
        RETURNING response_id
        """,
        list(heads),
        [one.survey_key for one in heads.values()],
        [one.wave for one in heads.values()],
        [one.learning_event_id for one in heads.values()],
        [one.sector for one in heads.values()],
        [one.work_field for one in heads.values()],
        [one.submitted_at for one in heads.values()],
    )
    return {row["response_id"] for row in rows}


async def _upsert_answers(conn: Conn, said: Iterable[Said]) -> set[tuple[UUID, str]]:
    answers = {(one.response_id, one.question_code): one for one in said}
    rows = await conn.fetch(
        """
        INSERT INTO answer AS kept (response_id, question_code, version, state, number, place)
        SELECT response_id, question_code, version, 'answered', number, 0
          FROM unnest($1::uuid[], $2::text[], $3::int[], $4::float8[])
               AS told (response_id, question_code, version, number)
            ON CONFLICT (response_id, question_code) DO UPDATE SET number = excluded.number
         WHERE kept.number IS DISTINCT FROM excluded.number
        RETURNING response_id, question_code
        """,
        [response_id for response_id, _ in answers],
        [question_code for _, question_code in answers],
        [one.version for one in answers.values()],
        [one.number for one in answers.values()],
    )
    return {(row["response_id"], row["question_code"]) for row in rows}


async def _forget_other_choices(conn: Conn, said: Sequence[Said]) -> set[tuple[UUID, str]]:
    rows = await conn.fetch(
        """
        DELETE FROM answer_option AS kept
         USING (SELECT response_id, question_code, array_agg(option_code) AS options
                  FROM unnest($1::uuid[], $2::text[], $3::text[])
                       AS told (response_id, question_code, option_code)
                 GROUP BY response_id, question_code) AS told
         WHERE kept.response_id = told.response_id AND kept.question_code = told.question_code
           AND kept.option_code <> ALL (told.options)
        RETURNING kept.response_id, kept.question_code
        """,
        [one.response_id for one in said],
        [one.question_code for one in said],
        [one.option_code for one in said],
    )
    return {(row["response_id"], row["question_code"]) for row in rows}


async def _upsert_options(conn: Conn, said: Sequence[Said]) -> set[tuple[UUID, str, str | None]]:
    rows = await conn.fetch(
        """
        INSERT INTO answer_option AS kept (response_id, question_code, option_code, rank)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::smallint[])
            ON CONFLICT (response_id, question_code, option_code) DO UPDATE
           SET rank = excluded.rank
         WHERE kept.rank IS DISTINCT FROM excluded.rank
        RETURNING response_id, question_code, option_code
        """,
        [one.response_id for one in said],
        [one.question_code for one in said],
        [one.option_code for one in said],
        [one.rank for one in said],
    )
    return {(row["response_id"], row["question_code"], row["option_code"]) for row in rows}


async def _too_many(conn: Conn, said: Sequence[Said]) -> str | None:
    """The column whose response, question or survey has too many parts, if one has."""
    column: str | None = await conn.fetchval(
        """
        SELECT 'response_key'
          FROM answer LEFT JOIN answer_option USING (response_id, question_code)
         WHERE response_id = ANY ($1::uuid[])
         GROUP BY response_id HAVING count(*) > $4
         UNION ALL
        SELECT 'option_code' FROM question_option WHERE question_code = ANY ($2::text[])
         GROUP BY question_code, version HAVING count(*) > $4
         UNION ALL
        SELECT 'survey_key' FROM survey_question WHERE survey_key = ANY ($3::text[])
         GROUP BY survey_key HAVING count(*) > $4
         LIMIT 1
        """,
        list({one.response_id for one in said}),
        list({one.question_code for one in said}),
        list({one.survey_key for one in said}),
        MOST_PARTS,
    )
    return column
