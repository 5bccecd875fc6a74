"""The lists that a new installation begins with, put in place and told once."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files

import structlog

from pdu_resources.rules.project_year import ProjectYear, local_date, project_year, project_years
from pdu_shared import outbox
from pdu_shared.contracts.resources.vocabulary import (
    CategoryDefined,
    ProjectYearDefined,
    WorkstreamDefined,
)
from pdu_shared.database import Conn
from pdu_shared.identity import derived_id

BEGINNING = files("pdu_resources") / "lists.toml"
YEARS_AHEAD = 2
_INSERT_WORDS = {
    "sector": """
        INSERT INTO sector (code, label, place)
        SELECT * FROM unnest($1::text[], $2::text[]) WITH ORDINALITY
            ON CONFLICT DO NOTHING
        RETURNING code
        """,
    "work_field": """
        INSERT INTO work_field (code, label, place)
        SELECT * FROM unnest($1::text[], $2::text[]) WITH ORDINALITY
            ON CONFLICT DO NOTHING
        RETURNING code
        """,
    "role_level": """
        INSERT INTO role_level (code, label, place)
        SELECT * FROM unnest($1::text[], $2::text[]) WITH ORDINALITY
            ON CONFLICT DO NOTHING
        RETURNING code
        """,
    "area": """
        INSERT INTO area (code, label, place)
        SELECT * FROM unnest($1::text[], $2::text[]) WITH ORDINALITY
            ON CONFLICT DO NOTHING
        RETURNING code
        """,
    "heard_about": """
        INSERT INTO heard_about (code, label, place)
        SELECT * FROM unnest($1::text[], $2::text[]) WITH ORDINALITY
            ON CONFLICT DO NOTHING
        RETURNING code
        """,
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Workstream:
    """A work stream under one of its names."""

    code: str
    label: str
    valid_from: date
    valid_to: date | None = None


async def seed(conn: Conn) -> None:
    """Add the words and project years that are missing, and tell of them.

    Safe to repeat: what is there stays as it is, and is not told again. Project years reach to
    the year after next.
    """
    lists = tomllib.loads(BEGINNING.read_text("utf-8"))
    words = [
        word
        for scheme in _INSERT_WORDS
        for word in await _insert_words(conn, scheme, lists[scheme])
    ]
    this_year = project_year(local_date(datetime.now(UTC))) or 0
    streams = await _insert_workstreams(conn, [Workstream(**one) for one in lists["workstream"]])
    years = await _insert_years(conn, project_years(this_year + YEARS_AHEAD))
    await outbox.add(
        conn,
        *words,
        *map(_workstream_defined, streams),
        *map(_project_year_defined, years),
    )
    log.info("seeded", words=len(words), workstreams=len(streams), project_years=len(years))


def _category_defined(scheme: str, code: str, label: str) -> CategoryDefined:
    return CategoryDefined(
        category_id=derived_id("category", scheme, code), scheme=scheme, code=code, label=label
    )


def _workstream_defined(stream: Workstream) -> WorkstreamDefined:
    return WorkstreamDefined(
        workstream_id=derived_id("workstream", stream.code),
        code=stream.code,
        label=stream.label,
        valid_from=stream.valid_from,
        valid_to=stream.valid_to,
    )


def _project_year_defined(year: ProjectYear) -> ProjectYearDefined:
    return ProjectYearDefined(
        project_year_id=derived_id("project_year", year.code),
        code=year.code,
        label=year.label,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        is_partial=year.is_partial,
    )


async def _insert_words(conn: Conn, scheme: str, words: Mapping[str, str]) -> list[CategoryDefined]:
    """What is to be told of those that were new."""
    rows = await conn.fetch(_INSERT_WORDS[scheme], list(words), list(words.values()))
    return [_category_defined(scheme, row["code"], words[row["code"]]) for row in rows]


async def _insert_workstreams(conn: Conn, streams: Sequence[Workstream]) -> list[Workstream]:
    """Those that were new."""
    rows = await conn.fetch(
        """
        INSERT INTO workstream (code, label, valid_from, valid_to, place)
        SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::date[]) WITH ORDINALITY
            ON CONFLICT DO NOTHING
        RETURNING code, valid_from
        """,
        [one.code for one in streams],
        [one.label for one in streams],
        [one.valid_from for one in streams],
        [one.valid_to for one in streams],
    )
    new = {(row["code"], row["valid_from"]) for row in rows}
    return [one for one in streams if (one.code, one.valid_from) in new]


async def _insert_years(conn: Conn, years: Sequence[ProjectYear]) -> list[ProjectYear]:
    """Those that were new; none where somebody has said otherwise when a year begins."""
    ours = {(one.code, one.starts_on, one.ends_on) for one in years}
    kept = await conn.fetch("SELECT code::text, starts_on, ends_on FROM project_year")
    if any(row["starts_on"] <= years[-1].ends_on and tuple(row) not in ours for row in kept):
        return []
    rows = await conn.fetch(
        """
        INSERT INTO project_year (code, label, starts_on, ends_on, is_partial)
        SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::boolean[])
            ON CONFLICT DO NOTHING
        RETURNING code
        """,
        [one.code for one in years],
        [one.label for one in years],
        [one.starts_on for one in years],
        [one.ends_on for one in years],
        [one.is_partial for one in years],
    )
    new = {row["code"] for row in rows}
    return [one for one in years if one.code in new]
