"""What stands beside the rows of an answer: what was recoded in it, and what happened then."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from pdu_reporting.asking import Asked
from pdu_reporting.facts.recoded import SCHEMES
from pdu_reporting.figure import Figure
from pdu_reporting.rules.project_year import ProjectYear
from pdu_shared.database import Conn

MONTH = re.compile(r"(\d{4})-(\d{2})")


class Recoded(BaseModel):
    """A word that counts as another in this answer."""

    scheme: str
    source_code: str
    canonical_code: str
    organisation_id: UUID | None
    valid_from: date | None
    valid_to: date | None
    note: str


class Annotated(BaseModel):
    """Something that happened in the time that the rows are about."""

    label: str
    starts_on: date
    ends_on: date | None


async def recoded(conn: Conn, figure: Figure, asked: Asked) -> list[Recoded]:
    """The recodings that an answer rests on."""
    if "recoding" not in figure.fact.tables:
        return []
    words = {*asked.by, *asked.words, *(["sector"] if "against_sector" in asked.words else [])}
    rows = await conn.fetch(
        """
        SELECT scheme, source_code, canonical_code, organisation_id, valid_from, valid_to, note
          FROM recoding
         WHERE scheme = ANY ($1::text[]) AND NOT withdrawn
         ORDER BY scheme, source_code, code
        """,
        [scheme for scheme in SCHEMES if scheme in words],
    )
    return [Recoded(**row) for row in rows]


async def annotated(
    conn: Conn, years: Iterable[ProjectYear], cuts: Iterable[Mapping[str, str | None]]
) -> list[Annotated]:
    """What happened in the project years and months of the rows; nothing if they have none."""
    spans = [(year.starts_on, year.ends_on) for year in years]
    spans += [span for cut in cuts if (span := _month(cut.get("month")))]
    if not spans:
        return []
    rows = await conn.fetch(
        """
        SELECT label, starts_on, ends_on
          FROM annotation
         WHERE NOT withdrawn
           AND EXISTS (SELECT
                         FROM unnest($1::date[], $2::date[]) AS span (first, last)
                        WHERE starts_on <= last AND coalesce(ends_on, 'infinity') >= first)
         ORDER BY starts_on, code
        """,
        [first for first, _ in spans],
        [last for _, last in spans],
    )
    return [Annotated(**row) for row in rows]


def _month(told: str | None) -> tuple[date, date] | None:
    found = MONTH.fullmatch(told or "")
    if found is None:
        return None
    year, month = map(int, found.groups())
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])
