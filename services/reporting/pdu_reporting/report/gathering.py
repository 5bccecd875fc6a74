"""A report's figures asked one after the other, all from one moment of the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pdu_reporting.answer import Answer
from pdu_reporting.asking import Audience
from pdu_reporting.claims import Claim, held_against
from pdu_reporting.counting import moment, reached
from pdu_reporting.desk import Desk, Told
from pdu_reporting.figures import FIGURES
from pdu_reporting.filters import fault
from pdu_reporting.projections import PROJECTIONS
from pdu_reporting.report.contents import AT_A_GLANCE, Chapter, Item, Scope, chapters
from pdu_reporting.report.model import Checked, Definition, Number, Part, Report, Section
from pdu_reporting.report.parts import part_of, reach_of
from pdu_reporting.rules.project_year import ProjectYear
from pdu_reporting.wording import NOTHING, measure_of, printed
from pdu_shared.database import Conn, Database
from pdu_shared.problems import Refused

MOST_QUESTIONS = 8
OF_A_PERIOD = ("individuals_new", "hub_active_users")
"""Numbers that say nothing of all years together."""
UP_TO_A_DAY = {"hub_new_users": "hub_registrations"}
"""Figures under another name where they are about everything so far."""
REACH = ("individuals_hub_only", "individuals_blended", "individuals_events_only")


@dataclass(frozen=True, slots=True)
class Study:
    """A case study that everybody can read."""

    case_study_id: UUID
    title: str
    published_on: date
    aims: Sequence[str]


@dataclass(frozen=True, slots=True)
class Gathered:
    """A report, the answers that it was made of, and the case studies of that moment."""

    report: Report
    told: Sequence[Told]
    studies: Sequence[Study]


async def gathered(database: Database, code: str, audience: Audience) -> Gathered:
    """The report on a project year. Raises `Refused` with the years there are."""
    async with moment(database, [one.name for one in PROJECTIONS]) as conn:
        position, as_of = await reached(conn)
        year, today = await _year(conn, code)
        desk = Desk(conn, audience)
        scope = Scope(year.code, year.starts_on, year.ends_on)
        contents = chapters(scope, await _questions(conn, scope))
        sections = [await _section(desk, chapter) for chapter in contents]
        numbers = [await _number(desk, name, scope) for name in AT_A_GLANCE]
        reach = await _reach(desk, scope)
        claims = await held_against(Desk(conn, Audience.TEAM))
        studies = await _studies(conn)
    asked = [part.figure for section in sections for part in section.parts]
    report = Report(
        title=f"Annual report: {year.label}",
        year=year.label_on(today),
        code=year.code,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        is_partial=year.is_partial,
        in_progress=year.in_progress(today),
        audience=audience,
        as_of=as_of,
        journal_position=position,
        numbers=numbers,
        reach=reach,
        sections=[section for section in sections if section.parts],
        definitions=[_definition(name) for name in sorted({*AT_A_GLANCE, *REACH, *asked})],
        checked=[_checked(claim, audience) for claim in claims],
    )
    return Gathered(report, desk.told, studies)


async def _section(desk: Desk, chapter: Chapter) -> Section:
    parts = [await _part(desk, item) for item in chapter.items]
    return Section(
        title=chapter.title, intro=chapter.intro, parts=[part for part in parts if part is not None]
    )


async def _part(desk: Desk, item: Item) -> Part | None:
    told = await desk.ask(item.figure, {"by": item.by, **item.query})
    return part_of(told.answer, told.address, told.labels, item.title) if told.answer.rows else None


async def _number(desk: Desk, name: str, scope: Scope) -> Number:
    told = await desk.ask(name, scope.of_year)
    return Number(
        name=measure_of(name),
        value=_only(told.answer),
        so_far="" if name in OF_A_PERIOD else _only((await _so_far(desk, name, scope)).answer),
    )


async def _so_far(desk: Desk, name: str, scope: Scope) -> Told:
    if name in UP_TO_A_DAY:
        return await desk.ask(UP_TO_A_DAY[name], scope.up_to)
    return await desk.ask(name, {"period_to": scope.ends_on.isoformat()})


def _only(answer: Answer) -> str:
    return printed(answer, answer.rows[0]) if answer.rows else NOTHING


async def _reach(desk: Desk, scope: Scope) -> Part | None:
    told = [await desk.ask(name, scope.up_to) for name in REACH]
    return reach_of([(one.answer, one.address) for one in told])


async def _year(conn: Conn, code: str) -> tuple[ProjectYear, date]:
    rows = await conn.fetch(
        """
        SELECT code, label, starts_on, ends_on, is_partial,
               (now() AT TIME ZONE 'Europe/London')::date AS today
          FROM project_year
         ORDER BY starts_on
        """
    )
    found = {row["code"]: row for row in rows}
    if code not in found:
        raise Refused(errors=[fault("project_year", "unknown_code", found)])
    row = dict(found[code])
    today = row.pop("today")
    return ProjectYear(**row), today


async def _questions(conn: Conn, scope: Scope) -> list[str]:
    """The questions with options that most people answered in the year, as they are asked."""
    rows = await conn.fetch(
        """
        SELECT question_code, count(DISTINCT response_id) AS responses
          FROM survey_response
          JOIN survey_answer USING (response_id, sequence)
          JOIN survey_question ON code = question_code AND cardinality(options) > 0
         WHERE NOT withdrawn AND state = 'answered' AND option_code <> ''
           AND type IN ('single', 'multiple')
           AND submitted_on BETWEEN $1 AND $2
         GROUP BY question_code
         ORDER BY responses DESC, question_code
         LIMIT $3
        """,
        scope.starts_on,
        scope.ends_on,
        MOST_QUESTIONS,
    )
    return sorted(row["question_code"] for row in rows)


async def _studies(conn: Conn) -> list[Study]:
    rows = await conn.fetch(
        """
        SELECT case_study_id, title, published_on, aims
          FROM (SELECT DISTINCT ON (subject) routing_key, body
                  FROM journal
                 WHERE routing_key IN ('resources.CaseStudyPublished',
                                       'resources.CaseStudyWithdrawn')
                 ORDER BY subject, sequence DESC) AS newest,
               jsonb_to_record(body::jsonb -> 'data')
               AS told (case_study_id uuid, title text, published_on date, aims text[])
         WHERE routing_key = 'resources.CaseStudyPublished'
         ORDER BY published_on, case_study_id
        """
    )
    return [Study(**row) for row in rows]


def _checked(claim: Claim, audience: Audience) -> Checked:
    shown = audience is Audience.TEAM
    return Checked(
        report=claim.report,
        id=claim.claim.id,
        statement=claim.claim.statement,
        printed=_number_of(claim.claim.value),
        counted=_number_of(claim.counted) if shown else "",
        verdict=claim.verdict,
        reason=claim.reason if shown else "",
    )


def _number_of(value: float | str | None) -> str:
    return NOTHING if value is None else str(value)


def _definition(name: str) -> Definition:
    figure = FIGURES[name]
    return Definition(figure=name, statement=figure.statement, unit=figure.unit)
