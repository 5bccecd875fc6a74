"""The lists that a new installation begins with, put in place and told once."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files

import structlog

from pdu_resources.rules.project_year import ProjectYear, local_date, project_year, project_years
from pdu_shared import outbox
from pdu_shared.contracts.resources import ProjectYearDefined, WorkstreamDefined
from pdu_shared.database import Conn
from pdu_shared.identity import derived_id

BEGINNING = files("pdu_resources") / "lists.toml"
YEARS_AHEAD = 2
_INSERT_WORD = {
    "sector": """
        INSERT INTO sector (code, label, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
        """,
    "work_field": """
        INSERT INTO work_field (code, label, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
        """,
    "role_level": """
        INSERT INTO role_level (code, label, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
        """,
    "area": """
        INSERT INTO area (code, label, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
        """,
    "heard_about": """
        INSERT INTO heard_about (code, label, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
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
    """Add the words and project years that are missing; tell of the work streams and years.

    Safe to repeat: what is there stays as it is, and is not told again. Project years reach to
    the year after next.
    """
    lists = tomllib.loads(BEGINNING.read_text("utf-8"))
    for name, insert in _INSERT_WORD.items():
        words: Mapping[str, str] = lists[name]
        await conn.executemany(
            insert, [(code, label, place) for place, (code, label) in enumerate(words.items(), 1)]
        )
    this_year = project_year(local_date(datetime.now(UTC))) or 0
    streams = await _insert_workstreams(conn, [Workstream(**one) for one in lists["workstream"]])
    years = await _insert_years(conn, project_years(this_year + YEARS_AHEAD))
    await outbox.add(conn, *map(_workstream_defined, streams), *map(_project_year_defined, years))
    log.info("seeded", workstreams=len(streams), project_years=len(years))


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
    """Those that were new."""
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
