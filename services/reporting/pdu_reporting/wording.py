"""The words around a figure: its measure, its numbers as they are printed, and what it is about."""

from collections.abc import Mapping

from pdu_reporting.answer import CONFIDENTIAL, Answer, Cell
from pdu_reporting.figure import Unit
from pdu_reporting.figures import FIGURES
from pdu_reporting.labels import Labels, humane
from pdu_reporting.rules.caveat import Caveat

NOTHING = "\N{EN DASH}"
MOST_NOTES = 3
MEASURES = {
    "cops_active": "Communities of Practice",
    "events_held": "Sessions held",
    "hub_active_users": "Active users of the hub",
    "hub_new_users": "New users of the hub",
    "you_said": "What people said",
}
"""Figures whose names do not read as words."""
DIMENSIONS = {
    "aim": "aim of systems change",
    "hls": "condition for change",
    "option_code": "answer",
    "pie": "element of a PIE",
    "question_code": "question",
    "survey_key": "survey",
    "workstream": "work stream",
}
"""Dimensions whose names do not read as words."""
DAYS = {
    "as_of": "up to",
    "booked_to": "booked by",
    "intended_from": "from",
    "intended_to": "to",
    "period_from": "from",
    "period_to": "to",
    "submitted_from": "from",
    "submitted_to": "to",
}

SEVERAL = frozenset(
    {"aim", "evidence", "hls", "option_code", "outcome", "pie", "theme", "workstream"}
)
"""Dimensions of which one fact may have several, and then stands in several rows."""

Row = Mapping[str, Cell]


def adds_up(answer: Answer) -> bool:
    """Whether its rows give a total."""
    # A snapshot may hold figures that are no longer counted.
    figure = FIGURES.get(answer.name)
    return figure is not None and figure.adds_up and SEVERAL.isdisjoint(answer.by)


def measure_of(name: str) -> str:
    """A figure's name as words."""
    return MEASURES.get(name) or humane(name)


def dimension(name: str) -> str:
    """A dimension as words."""
    return DIMENSIONS.get(name) or name.replace("_", " ")


def named(answer: Answer) -> str:
    """What is measured, and by what it is cut."""
    by = " and ".join(map(dimension, answer.by))
    return f"{measure_of(answer.name)} by {by}" if by else measure_of(answer.name)


def printed(answer: Answer, row: Row) -> str:
    """A number as it is printed; of a base too small for a share, the counts alone."""
    value = row["value"]
    if row.get("withheld"):
        return CONFIDENTIAL
    if value is None:
        return NOTHING
    if counts_only(row) and answer.unit in (Unit.PERCENT, Unit.RATIO, Unit.SCORE):
        return f"{row['numerator']} of {row['denominator']}"
    if answer.unit is Unit.PERCENT:
        return f"{value:g}%"
    return f"{value:,}" if isinstance(value, int) else f"{value}"


def counts_only(row: Row) -> bool:
    """Whether it rests on too few for a share or a score."""
    caveats = row["caveats"]
    return isinstance(caveats, list) and Caveat.COUNTS_ONLY in caveats


def about(answer: Answer, labels: Labels) -> str:
    """What is measured, of whom, when, and how many there are."""
    parts = [named(answer)]
    for name, word in answer.filters.items():
        if name in DAYS:
            parts.append(f"{DAYS[name]} {word}")
        elif isinstance(word, list):
            codes = ", ".join(labels.of(name, one) for one in word)
            parts.append(f"{dimension(name)}: {codes}")
    return "; ".join([*parts, *_bases(answer)])


def _bases(answer: Answer) -> list[str]:
    bases = {base for row in answer.rows if isinstance(base := row["denominator"], int)}
    if len(bases) == 1:
        return [f"n = {max(bases):,}"]
    if bases:
        return [f"n from {min(bases):,} to {max(bases):,}"]
    whole = answer.unit is Unit.COUNT and adds_up(answer)
    if not whole or any(row.get("withheld") for row in answer.rows):
        return []
    return [f"n = {sum(one for row in answer.rows if isinstance(one := row['value'], int)):,}"]


def notes(answer: Answer, *more: str) -> list[str]:
    """What to keep in mind, at most three things."""
    kept = list(answer.caveats.values())
    if any(year.in_progress or year.is_partial for year in answer.project_years):
        kept.append("Hatched: a year that is not whole. Do not set it beside others.")
    kept += more
    if answer.by and answer.unit is Unit.COUNT and not adds_up(answer):
        kept.append("Rows do not add up: one and the same may stand in several.")
    return kept[:MOST_NOTES]
