"""The published set, counted after the one before it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pdu_reporting import snapshot_rows
from pdu_reporting.asking import Asked
from pdu_reporting.counting import Counted
from pdu_reporting.families import DIFFERENT_PEOPLE
from pdu_reporting.figure import Figure
from pdu_reporting.figures import FIGURES
from pdu_reporting.publishing import Publication, PublishedTable, asks
from pdu_reporting.rules.project_year import ProjectYear
from pdu_reporting.rules.withholding import LIMIT
from pdu_reporting.totals import totals
from pdu_reporting.year_list import YEAR, Rows
from pdu_shared.database import Conn
from pdu_shared.problems import Fault, Refused

WHOLE = Asked(by=(), words={}, first=None, last=None)


@dataclass(frozen=True, slots=True)
class Released:
    """What everybody is to see."""

    shown: Sequence[PublishedTable]
    stands: list[str]
    """What was to be counted anew and stands."""
    before: Mapping[str, Rows]
    after: UUID | None
    """The publication that this one rests on."""


@dataclass(frozen=True, slots=True)
class Release:
    """What has to be counted for the next publication."""

    publication: Publication
    after: UUID | None

    @property
    def asked(self) -> list[tuple[Figure, Asked]]:
        """The figures with their cuts."""
        lists = [(one.family.figure, one.asked) for one in asks(self.publication)]
        return [*lists, *((FIGURES[name], WHOLE) for name in DIFFERENT_PEOPLE)]

    def released(self, counted: Sequence[Counted]) -> Released:
        """What everybody is to see of it."""
        wanted = asks(self.publication)
        lists = list(zip(wanted, counted, strict=False))
        publication = replace(self.publication, limit=counted[0].withheld_below)
        tables = publication.tables(lists)
        people = {
            name: int(one.rows[0].value or 0)
            for name, one in zip(DIFFERENT_PEOPLE, counted[len(wanted) :], strict=True)
        }
        whole = totals(tables, people, limit=publication.limit, today=publication.today)
        return Released([whole, *tables], publication.kept, publication.before, self.after)


async def next_release(conn: Conn, *, anew: Collection[str]) -> Release:
    """The next publication. Raises Refused for a project year in `anew` that was not published."""
    newest = await snapshot_rows.newest_published(conn)
    shown = await snapshot_rows.shown_in(conn, newest.snapshot_id) if newest else []
    before = {table.name: table.rows for table in shown}
    _check(anew, before)
    after = newest.snapshot_id if newest else None
    today = await conn.fetchval("SELECT (now() AT TIME ZONE 'Europe/London')::date")
    publication = Publication(before, anew, await _years(conn), limit=LIMIT, today=today)
    return Release(publication, after)


def _check(anew: Collection[str], before: Mapping[str, Rows]) -> None:
    published = {str(row[YEAR]) for rows in before.values() for row in rows if YEAR in row}
    if not published >= set(anew):
        told = f"Possible: {', '.join(sorted(published)) or 'none so far'}."
        raise Refused(errors=[Fault("/anew", "not_published", told)])


async def _years(conn: Conn) -> list[ProjectYear]:
    rows = await conn.fetch(
        "SELECT code, label, starts_on, ends_on, is_partial FROM project_year ORDER BY starts_on"
    )
    return [ProjectYear(**row) for row in rows]
