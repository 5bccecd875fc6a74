"""Surveys, questions and options that only records of the past speak of: known by their codes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, TypeAdapter

from pdu_resources.survey import question, survey_rows
from pdu_shared.contracts.message import Code, Message, Wording
from pdu_shared.contracts.vocabulary import QuestionType
from pdu_shared.database import Conn

Named = Annotated[Code, AfterValidator(TypeAdapter(Wording).validate_python)]
"""A code that is published as a title or a label where there are no words for it."""


class Known(NamedTuple):
    """A question as it stands."""

    version: int
    type: QuestionType
    imported: bool


async def know_surveys(conn: Conn, survey_keys: Collection[str]) -> list[Message]:
    """Keep surveys that nobody has heard of; what is told of those."""
    rows = await conn.fetch(
        """
        INSERT INTO survey (survey_key, title, imported)
        SELECT survey_key, survey_key, true FROM unnest($1::text[]) AS survey_key
            ON CONFLICT (survey_key) DO NOTHING
        RETURNING survey_key
        """,
        sorted(survey_keys),
    )
    return [*await survey_rows.defined(conn, [row["survey_key"] for row in rows])]


async def know_questions(
    conn: Conn, presumed: Mapping[str, QuestionType]
) -> tuple[dict[str, Known], set[str]]:
    """Keep questions that nobody has heard of, of the type that their rows have.

    What is there of each of them now, and those that are new or of another type than before.
    """
    codes = sorted(presumed)
    rows = await conn.fetch(
        """
        INSERT INTO question AS kept (code, version, type, wording, imported)
        SELECT code, 1, type, code, true FROM unnest($1::text[], $2::text[]) AS told (code, type)
            ON CONFLICT (code, version) DO UPDATE SET type = excluded.type
         WHERE kept.imported AND kept.type = 'single' AND excluded.type = 'ranking'
        RETURNING code
        """,
        codes,
        [presumed[code] for code in codes],
    )
    standing = await conn.fetch(
        """
        SELECT DISTINCT ON (code) code, version, type, imported
          FROM question
         WHERE code = ANY ($1::text[])
         ORDER BY code, version DESC
        """,
        codes,
    )
    known = {
        row["code"]: Known(row["version"], QuestionType(row["type"]), row["imported"])
        for row in standing
    }
    return known, {row["code"] for row in rows}


async def know_options(
    conn: Conn, chosen: Collection[tuple[str, str]], known: dict[str, Known]
) -> set[str]:
    """Keep options (question, option) that nobody has offered; the questions that have more now."""
    options = sorted(chosen)
    rows = await conn.fetch(
        """
        INSERT INTO question_option (question_code, version, code, label, place, imported)
        SELECT question_code, version, code, code,
               coalesce((SELECT max(place)
                           FROM question_option AS offered
                          WHERE offered.question_code = told.question_code
                            AND offered.version = told.version), 0)
               + row_number() OVER (PARTITION BY question_code ORDER BY code), true
          FROM unnest($1::text[], $2::int[], $3::text[]) AS told (question_code, version, code)
            ON CONFLICT (question_code, version, code) DO NOTHING
        RETURNING question_code
        """,
        [code for code, _ in options],
        [known[code].version for code, _ in options],
        [option for _, option in options],
    )
    return {row["question_code"] for row in rows}


async def know_what_they_asked(
    conn: Conn, asked: Collection[tuple[str, str]], known: dict[str, Known]
) -> set[str]:
    """Keep what imported surveys asked (survey, question); the surveys that ask more now."""
    questions = sorted(asked)
    rows = await conn.fetch(
        """
        INSERT INTO survey_question (survey_key, question_code, version, place)
        SELECT survey_key, question_code, version,
               coalesce((SELECT max(place)
                           FROM survey_question AS asked
                          WHERE asked.survey_key = told.survey_key), 0)
               + row_number() OVER (PARTITION BY survey_key ORDER BY question_code)
          FROM unnest($1::text[], $2::text[], $3::int[])
               AS told (survey_key, question_code, version)
          JOIN survey USING (survey_key)
         WHERE survey.imported
            ON CONFLICT (survey_key, question_code) DO NOTHING
        RETURNING survey_key
        """,
        [key for key, _ in questions],
        [code for _, code in questions],
        [known[code].version for _, code in questions],
    )
    return {row["survey_key"] for row in rows}


async def find_multiple(conn: Conn, questions: Sequence[str]) -> set[str]:
    """Those imported questions of one choice to which somebody gave several: they are of many."""
    rows = await conn.fetch(
        """
        UPDATE question SET type = 'multiple'
         WHERE imported AND type = 'single' AND code = ANY ($1::text[])
           AND EXISTS (SELECT FROM answer_option
                        WHERE question_code = question.code AND rank IS NULL
                        GROUP BY response_id
                       HAVING count(*) > 1)
        RETURNING code
        """,
        questions,
    )
    return {row["code"] for row in rows}


async def told(
    conn: Conn, questions: Iterable[str], known: dict[str, Known], survey_keys: Collection[str]
) -> list[Message]:
    """What is told of questions and surveys that are new or another than before."""
    return [
        *await question.versioned(
            conn, [(code, known[code].version) for code in sorted(questions)]
        ),
        *await survey_rows.defined(conn, sorted(survey_keys)),
    ]
