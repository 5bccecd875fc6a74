"""Figures, dimensions and codes in words."""

from collections.abc import Sequence

from pdu_portal.figures.shapes import PublishedYear, Year
from pdu_portal.shapes import Vocabulary
from pdu_portal.words import plain

FIGURES = {
    "attendances": "Attendances",
    "individuals": "Individuals",
    "individuals_reached": "Individuals reached, each counted once",
    "individuals_blended": "Individuals who use both events and the hub",
    "individuals_hub_only": "Individuals who use the hub only",
    "individuals_events_only": "Individuals who come to events only",
    "hub_registrations": "Joined the hub",
    "events_held": "Sessions held",
    "organisations": "Organisations that took part",
    "cops_active": "Communities of Practice that meet",
    "impacts": "Changes that were recorded",
    "survey_share": "Answers to a question",
    "response_rate": "How many answered of those asked",
}
DIMENSIONS = {
    "project_year": "Project year",
    "work_field": "Work field",
    "role_level": "Role",
    "option_code": "Answer",
    "contribution_class": "How much of it was us",
    "change_kind": "What changed",
    "figure": "Figure",
}
LISTS = {
    "sector": "sectors",
    "work_field": "work_fields",
    "role_level": "role_levels",
    "area": "areas",
    "heard_about": "heard_about",
    "workstream": "workstreams",
}
UNKNOWN = "Not asked or not told"


class Naming:
    """Words for codes, from the lists of the hub and the years of an answer."""

    def __init__(
        self, vocabulary: Vocabulary | None, years: Sequence[Year | PublishedYear] = ()
    ) -> None:
        self._vocabulary = vocabulary
        self._years = {year.code: year for year in years}

    def code(self, dimension: str, code: object) -> str:
        """What a code means."""
        if code is None or code == "":
            return UNKNOWN
        if dimension == "project_year" and code in self._years:
            return self._years[str(code)].label
        if dimension == "figure":
            return figure(str(code))
        terms = getattr(self._vocabulary, LISTS.get(dimension, ""), None) or ()
        found = next((term.label for term in terms if term.code == code), None)
        return found or plain(str(code).rpartition(".")[2])

    def year(self, code: object) -> Year | PublishedYear | None:
        """The project year of this code."""
        return self._years.get(str(code))


def figure(name: str) -> str:
    """What a figure is called."""
    return FIGURES.get(name, plain(name))


def table(name: str) -> str:
    """What a table of the published set is called: Attendances by sector."""
    first, _, cut = name.partition(".")
    if first == "answers":
        return f"Answers: {plain(cut.rpartition('.')[2]).lower()}"
    words = figure(first)
    return f"{words} by {dimension(cut).lower()}" if cut else words


def dimension(name: str) -> str:
    """What a dimension is called."""
    return DIMENSIONS.get(name, plain(name))
