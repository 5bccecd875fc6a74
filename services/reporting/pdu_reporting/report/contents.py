"""What stands in an annual report: its sections, and the figures in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Item:
    """A figure, asked in one way."""

    figure: str
    by: str
    query: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    """What is asked, where the name of the figure does not say it."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Figures that belong together."""

    title: str
    intro: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Scope:
    """The year that a report is about."""

    code: str
    starts_on: date
    ends_on: date

    @property
    def of_year(self) -> dict[str, str]:
        """As figures of attendances and the like are asked."""
        return {"project_year": self.code}

    @property
    def up_to(self) -> dict[str, str]:
        """As figures about everything so far are asked."""
        return {"as_of": self.ends_on.isoformat()}

    @property
    def submitted(self) -> dict[str, str]:
        """As figures of surveys are asked."""
        return {
            "submitted_from": self.starts_on.isoformat(),
            "submitted_to": self.ends_on.isoformat(),
        }

    @property
    def intended(self) -> dict[str, str]:
        """As figures of what people mean to do are asked."""
        return {
            "intended_from": self.starts_on.isoformat(),
            "intended_to": self.ends_on.isoformat(),
        }


AT_A_GLANCE = (
    "events_held",
    "cops_active",
    "attendances",
    "individuals",
    "individuals_new",
    "organisations",
    "hub_new_users",
    "hub_active_users",
    "impacts",
)
"""The year in single numbers."""


def chapters(year: Scope, questions: Sequence[str]) -> list[Chapter]:
    """The report on a year; `questions` are those to which people chose answers in it."""
    return [
        Chapter(
            "Year by year",
            "Whole years stand side by side. Years that are not whole stand apart.",
            [
                Item("events_held", "project_year"),
                Item("attendances", "project_year"),
                Item("individuals", "project_year"),
                Item("hub_new_users", "project_year"),
                Item("hub_active_users", "project_year"),
            ],
        ),
        Chapter(
            "Learning events and communities",
            "What took place in the year, and how many came. A session counts in each of its"
            " work streams.",
            [
                Item("events_held", "kind", year.of_year),
                Item("events_held", "workstream", year.of_year),
                Item("attendances", "workstream", year.of_year),
                Item("attendances", "series", {**year.of_year, "kind": "cop_session"}),
                Item("repeat_attendance", "band", year.of_year),
            ],
        ),
        Chapter(
            "Who came",
            "Attendances count how often people came; individuals count each of them once. Sector,"
            " work field, role and area are as they were on the day.",
            [
                Item("attendances", "sector", year.of_year),
                Item("individuals", "sector", year.of_year),
                Item("attendances", "work_field", year.of_year),
                Item("attendances", "role_level", year.of_year),
                Item("attendances", "area", year.of_year),
                Item("organisations", "sector", year.of_year),
            ],
        ),
        Chapter(
            "The online hub",
            "Accounts that were opened in the year, as people described themselves then.",
            [
                Item("hub_new_users", "sector", year.of_year),
                Item("hub_new_users", "work_field", year.of_year),
            ],
        ),
        Chapter(
            "What people answered",
            "Shares rest on those who answered the question; do not read them as all who came.",
            [
                Item("response_rate", "survey_key"),
                *(
                    Item("survey_share", "option_code", {**year.submitted, "question_code": one})
                    for one in questions
                ),
            ],
        ),
        Chapter(
            "What changed",
            "Changes that were written down and not withdrawn, by how they are coded. One change"
            " can have several aims and conditions.",
            [
                Item("impacts", "aim", year.of_year, "Changes by aim of systems change"),
                Item("impacts", "hls", year.of_year, "Changes by condition for change"),
                Item("impacts", "contribution_class", year.of_year, "Changes by contribution"),
                Item("impacts", "level", year.of_year, "Changes by level"),
                Item(
                    "intentions", "state", year.intended, "What became of what people meant to do"
                ),
            ],
        ),
    ]
