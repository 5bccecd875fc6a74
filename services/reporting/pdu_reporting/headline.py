"""The title of a chart: what its figures say where they say anything, else what they measure."""

from pdu_reporting.answer import Answer, Year
from pdu_reporting.figure import Unit
from pdu_reporting.labels import Labels
from pdu_reporting.rules.finding import Reading, between_groups, over_time
from pdu_reporting.wording import Row, adds_up, measure_of, named

OVER_TIME = ("project_year", "programme_period", "month")
UNKNOWN = (None, "unknown")


def headline(answer: Answer, labels: Labels) -> str:
    """A finding, or the name of the measure."""
    return _finding(answer, labels) or named(answer)


def _finding(answer: Answer, labels: Labels) -> str | None:
    if len(answer.by) != 1 or answer.unit not in (Unit.COUNT, Unit.PERCENT):
        return None
    [along] = answer.by
    measure = measure_of(answer.name)
    if along == "project_year":
        rows = {row[along]: row for row in answer.rows}
        return over_time(
            measure,
            [_reading(rows[year.code], year.label, year) for year in answer.project_years],
            adds_up=adds_up(answer),
        )
    if along in OVER_TIME:
        return None
    return between_groups(
        measure,
        [
            _reading(row, labels.of(along, code), None, known=code not in UNKNOWN)
            for row in answer.rows
            if (code := row[along]) is None or isinstance(code, str)
        ],
    )


def _reading(row: Row, label: str, year: Year | None, *, known: bool = True) -> Reading:
    value, numerator, denominator = row["value"], row["numerator"], row["denominator"]
    return Reading(
        label=label,
        value=value if isinstance(value, int | float) else None,
        numerator=numerator if isinstance(numerator, int) else None,
        denominator=denominator if isinstance(denominator, int) else None,
        withheld=bool(row.get("withheld")),
        known=known,
        months=year.months if year else None,
        over=_is_over(year),
        whole=not year.is_partial if year else True,
    )


def _is_over(year: Year | None) -> bool:
    return year is None or year.comparable or (year.is_partial and not year.in_progress)
