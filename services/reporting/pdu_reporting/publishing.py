"""The set that everybody may see: counted, and kept as it was published where it was."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pydantic import BaseModel

from pdu_reporting.asking import Asked
from pdu_reporting.counting import Counted, Row
from pdu_reporting.families import FAMILIES, Family
from pdu_reporting.figure import Figure, Unit
from pdu_reporting.rules.project_year import ProjectYear
from pdu_reporting.rules.publication import may_replace
from pdu_reporting.rules.withholding import Code
from pdu_reporting.year_list import (
    TOTAL,
    YEAR,
    Frame,
    Rows,
    YearList,
    base_of,
    base_of_published,
    read_again,
)


class PublishedTable(BaseModel):
    """A table of the published set."""

    name: str
    figure: str
    statement: str
    unit: Unit
    by: list[str]
    rows: Rows
    """The columns of `by`; then value, numerator, denominator, withheld, comparable, caveats, and
    `counted_on`: the day on which the row was counted; it stands since then."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A table to be counted."""

    name: str
    family: Family
    asked: Asked
    year: str | None = None
    """The project year that it is about, where it is not cut by it."""


def names(family: Family) -> dict[str, str]:
    """The tables of a family by what they are cut by; that of its totals by nothing."""
    if not family.has_totals:
        return dict.fromkeys(family.cuts, family.name)
    return {TOTAL: family.name, **{cut: f"{family.name}.{cut}" for cut in family.cuts}}


def team_tables() -> list[tuple[str, Figure, Asked]]:
    """The same tables as the team sees them, of all years and without days."""
    return [
        (name, family.figure, Asked(_by(family, cut), family.words, None, None))
        for family in FAMILIES
        for cut, name in names(family).items()
    ]


def _by(family: Family, cut: str) -> tuple[str, ...]:
    return tuple(one for one in (cut, YEAR if family.has_totals else TOTAL) if one)


def asks(publication: "Publication") -> list[Ask]:
    """All tables that have to be counted."""
    return [ask for family in FAMILIES for ask in _asks(family, publication)]


def _asks(family: Family, publication: "Publication") -> Iterator[Ask]:
    for cut, name in names(family).items():
        if family.has_totals:
            yield Ask(name, family, Asked(_by(family, cut), family.words, None, None))
            continue
        for year in publication.years:
            if not publication.counts(family, year):
                continue
            # Answers have no project year: its days are asked for.
            days = dict(zip(family.days, (year.starts_on, year.ends_on), strict=True))
            words = {**family.words, **{day: when.isoformat() for day, when in days.items()}}
            asked = Asked((cut,), words, year.starts_on, year.ends_on)
            yield Ask(name, family, asked, year.code)


def _table(family: Family, cut: str, told: Mapping[str, Rows]) -> PublishedTable:
    name = names(family)[cut]
    return PublishedTable(
        name=name,
        figure=family.figure.name,
        statement=family.figure.statement,
        unit=family.figure.unit,
        by=[one for one in (cut, YEAR) if one],
        rows=told[name],
    )


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published after what was."""

    before: Mapping[str, Rows]
    """The rows of the publication before, by table."""
    anew: Collection[str]
    """Project years that are counted again, though they were published."""
    years: Sequence[ProjectYear]
    limit: int
    today: date
    hidden: dict[tuple[str, str, str], frozenset[Code] | None] = field(default_factory=dict)
    """By family, cut and year: what the families that follow withhold as well."""
    kept: list[str] = field(default_factory=list)
    """What was to be counted anew and stands: the change is of too few people."""

    def tables(self, counted: Sequence[tuple[Ask, Counted]]) -> list[PublishedTable]:
        """The tables of the set: of years that are over; of one in progress the totals only."""
        rows: dict[tuple[str, str | None], list[Row]] = {}
        for ask, one in counted:
            for row in one.rows:
                code = ask.year or row.dimensions.get(YEAR)
                rows.setdefault((ask.name, code), []).append(row)
        told: dict[str, Rows] = {}
        for family in FAMILIES:
            for year in self.years:
                for cut, name in names(family).items():
                    told.setdefault(name, [])
                    told[name] += self._year(family, year, rows)[cut].rows
        return [_table(family, cut, told) for family in FAMILIES for cut in names(family)]

    def counts(self, family: Family, year: ProjectYear) -> bool:
        """Whether a year that is over has to be counted, and does not stand as it was published."""
        over = year.ends_on < self.today
        return over and (year.code in self.anew or self._before(family, year) is None)

    def _year(
        self, family: Family, year: ProjectYear, rows: Mapping[tuple[str, str | None], list[Row]]
    ) -> dict[str, YearList]:
        """The lists of a family in a year, by cut."""
        fresh = {cut: rows.get((name, year.code), []) for cut, name in names(family).items()}
        if family.figure.of_things:
            return {cut: self._frame(family, cut, year).open(some) for cut, some in fresh.items()}
        if year.ends_on >= self.today:
            return {
                cut: self._frame(family, cut, year).so_far(some if cut == TOTAL else ())
                for cut, some in fresh.items()
            }
        before = self._before(family, year)
        chosen = before
        if before is None or year.code in self.anew:
            chosen = self._counted(family, year, fresh, before or {})
            if before is not None and not self._may_replace(before, chosen):
                self.kept.append(f"{family.name}/{year.code}")
                chosen = before
        assert chosen is not None, "counted, or as it was"
        for cut, one in chosen.items():
            self.hidden[family.name, cut, year.code] = one.told.hidden
        return chosen

    def _frame(self, family: Family, cut: str, year: ProjectYear) -> Frame:
        return Frame(family.figure, cut, year.code, self.limit, self.today)

    def _before(self, family: Family, year: ProjectYear) -> dict[str, YearList] | None:
        """The lists as they were published; None when they were not."""
        rows = {
            cut: [row for row in self.before.get(name, []) if row[YEAR] == year.code]
            for cut, name in names(family).items()
        }
        if not any(rows.values()):
            return None
        if family.has_totals:
            total = read_again(TOTAL, rows[TOTAL], None).told.total
        else:
            [total] = [base_of_published(some) for some in rows.values()]
        return {cut: read_again(cut, some, total) for cut, some in rows.items()}

    def _counted(
        self,
        family: Family,
        year: ProjectYear,
        fresh: Mapping[str, Sequence[Row]],
        before: Mapping[str, YearList],
    ) -> dict[str, YearList]:
        chosen = {}
        if family.has_totals:
            chosen[TOTAL] = self._frame(family, TOTAL, year).total(fresh[TOTAL])
            total = chosen[TOTAL].told.total
        else:
            base = max(map(base_of, fresh.values()))
            total = None if 0 < base < self.limit else base
        for cut in family.cuts:
            beside = self._withheld_beside(family, cut, year, before)
            frame = self._frame(family, cut, year)
            chosen[cut] = frame.listed(fresh[cut], total, beside)
        return chosen

    def _withheld_beside(
        self, family: Family, cut: str, year: ProjectYear, before: Mapping[str, YearList]
    ) -> frozenset[Code] | None:
        """What is withheld whatever it is: in the family it follows, and in what was published."""
        nothing = frozenset[Code]()
        leader: frozenset[Code] | None = nothing
        if family.follows:
            leader = self.hidden.get((family.follows, cut, year.code), nothing)
        already = before[cut].told.hidden if cut in before else nothing
        return None if leader is None else leader | (already or nothing)

    def _may_replace(self, before: Mapping[str, YearList], after: Mapping[str, YearList]) -> bool:
        return all(may_replace(before[cut].told, after[cut].told, self.limit) for cut in after)
