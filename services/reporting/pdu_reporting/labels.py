"""What codes are called, for whoever reads a chart or a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pdu_reporting.asking import Asked
from pdu_shared.database import Conn

NOT_KNOWN = "Not known"
SCHEMES = {"respondent_sector": "sector", "respondent_work_field": "work_field"}
"""Dimensions whose words are from a list of another name."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of lists, by dimension and code; of what has none, the code itself."""

    words: Mapping[tuple[str, str], str]
    options: Sequence[str] = ()
    """The answers to the question asked about, in the order in which it offers them."""

    def of(self, dimension: str, code: str | None) -> str:
        """What a code of a dimension is called."""
        if code is None:
            return NOT_KNOWN
        scheme = SCHEMES.get(dimension, dimension)
        return self.words.get((scheme, code)) or self.words.get((dimension, code)) or humane(code)


def humane(code: str) -> str:
    """A code as words: `team_manager` is `Team manager`; a month or number stays."""
    words = code.replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else code


async def labels_of(conn: Conn, asked: Asked) -> Labels:
    """The words for what was asked."""
    questions = asked.codes("question_code")
    dimensions = [*asked.by, *asked.words]
    return await labels_for(conn, dimensions, question=questions[0] if questions else None)


async def labels_for(
    conn: Conn, dimensions: Sequence[str], *, question: str | None = None
) -> Labels:
    """The words for everything that these dimensions, and a question's answers, may hold."""
    schemes = sorted({SCHEMES.get(one, one) for one in dimensions} | set(dimensions))
    rows = await conn.fetch(
        """
        SELECT scheme, code, label FROM category WHERE scheme = ANY ($1)
         UNION ALL
        SELECT 'project_year', code, label FROM project_year WHERE 'project_year' = ANY ($1)
         UNION ALL
        SELECT 'programme_period', code, label
          FROM programme_period
         WHERE 'programme_period' = ANY ($1)
         UNION ALL
        (SELECT DISTINCT ON (code) 'workstream', code, label
           FROM workstream
          WHERE 'workstream' = ANY ($1)
          ORDER BY code, valid_from DESC)
         UNION ALL
        SELECT 'organisation', organisation_id::text, canonical_name
          FROM organisation
         WHERE 'organisation' = ANY ($1)
         UNION ALL
        SELECT 'learning_event', learning_event_id::text, title
          FROM learning_event
         WHERE 'learning_event' = ANY ($1)
         UNION ALL
        (SELECT DISTINCT ON (code) 'question_code', code, wording
           FROM survey_question
          WHERE 'question_code' = ANY ($1)
          ORDER BY code, version DESC)
        """,
        schemes,
    )
    options = await _options(conn, question) if question else {}
    words = {(row["scheme"], row["code"]): row["label"] for row in rows}
    return Labels(
        {**words, **{("option_code", code): label for code, label in options.items()}},
        tuple(options),
    )


async def _options(conn: Conn, question: str) -> dict[str, str]:
    """What a question offers, in its order; nothing where that was never told."""
    row = await conn.fetchrow(
        """
        SELECT options, labels
          FROM survey_question
         WHERE code = $1
         ORDER BY version DESC
         LIMIT 1
        """,
        question,
    )
    return dict(zip(row["options"], row["labels"], strict=True)) if row else {}
