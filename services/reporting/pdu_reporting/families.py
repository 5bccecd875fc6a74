"""What is published: the same figures each time, in project years that are over."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pdu_reporting.figure import Figure
from pdu_reporting.figures import FIGURES
from pdu_reporting.filters import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A figure, and by what it is cut for everybody to see; each cut within a project year."""

    name: str
    figure: Figure
    words: Mapping[str, Word] = field(default_factory=dict)
    """What else is asked."""
    cuts: tuple[str, ...]
    follows: str | None = None
    """The family whose withheld rows are withheld here, too: one could be told from the other."""

    @property
    def has_totals(self) -> bool:
        """Whether it has a number for each year; the base of a question is with its options."""
        return not self.figure.needs

    @property
    def days(self) -> tuple[str, str]:
        """Under which names its first and its last day are asked for."""
        first, last = self.figure.days
        assert first is not None, "its answers have days"
        assert last is not None, "its answers have days"
        return first.name, last.name


def _about_people(name: str, *cuts: str, follows: str | None = None) -> Family:
    return Family(name=name, figure=FIGURES[name], cuts=cuts, follows=follows)


def _question(survey: str, question: str) -> Family:
    words: dict[str, Word] = {
        "survey_key": [survey],
        "question_code": [question],
        "base": "answered",
    }
    name = f"answers.{question}"
    return Family(name=name, figure=FIGURES["survey_share"], words=words, cuts=("option_code",))


WHO = ("sector", "work_field", "role_level")
FAMILIES: tuple[Family, ...] = (
    _about_people("events_held", "kind"),
    _about_people("cops_active"),
    _about_people("attendances", *WHO, "kind"),
    _about_people("individuals", *WHO, follows="attendances"),
    _about_people("organisations", "sector", follows="attendances"),
    _about_people("hub_registrations", *WHO),
    _about_people("impacts", "level", "change_kind", "contribution_class"),
    *(
        _question(survey, question)
        for survey, question in (
            ("post_event", "core.understanding"),
            ("post_event", "core.awareness"),
            ("post_event", "core.confidence"),
            ("post_event", "core.intends_change"),
            ("post_event", "core.share_planned"),
            ("follow_up", "fu.action"),
            ("follow_up", "fu.shared_with"),
            ("follow_up", "fu.outcomes"),
            ("evaluation", "ev.expectations"),
        )
    ),
)
ADDED_UP = ("events_held", "attendances", "hub_registrations", "impacts")
"""Figures whose years add up to a whole."""
DIFFERENT_PEOPLE = (
    "individuals",
    "individuals_reached",
    "individuals_blended",
    "individuals_hub_only",
    "individuals_events_only",
)
"""Figures of all years together. Each can be worked out from the others, so they are shown, rounded
down, when none of them is small, and not at all when one is."""
