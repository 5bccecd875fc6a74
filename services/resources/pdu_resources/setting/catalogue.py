"""Every setting that there is: what it means, what it begins with, and what it may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pdu_resources.rules.instance import Value
from pdu_shared.contracts.message import Code, Wording

LONGEST = 200
_TEXT: TypeAdapter[str] = TypeAdapter(Wording)
_CODES: TypeAdapter[list[str]] = TypeAdapter(list[Code])


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that another city may have otherwise. Its kind is that of its default."""

    name: str
    words: str
    default: Value
    least: int = 0
    most: int = 1000
    clock: bool = False
    """Whether it is a time of day, such as 08:30."""

    def flaw(self, value: object) -> str | None:
        """Why this cannot be its value; None when it can."""
        match self.default:
            case bool():
                return None if isinstance(value, bool) else "Say true or false."
            case int():
                fits = isinstance(value, int) and not isinstance(value, bool)
                told = f"Give a whole number from {self.least} to {self.most}."
                return None if fits and self.least <= int(str(value)) <= self.most else told
            case str():
                return self._flaw_of_text(value)
            case _:
                return None if _fits(_CODES, value) else "Give a list of codes."

    def _flaw_of_text(self, value: object) -> str | None:
        if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST:
            return f"Give a text of at most {LONGEST} characters."
        if self.clock:
            return None if _is_clock(value) else "Give a time of day such as 08:30."
        return None if _fits(_TEXT, value) else "Give text that may be published, in one line."


def _fits(kind: TypeAdapter[Any], value: object) -> bool:
    try:
        kind.validate_python(value)
    except ValidationError:
        return False
    return True


def _is_clock(value: str) -> bool:
    try:
        return time.fromisoformat(value).isoformat("minutes") == value
    except ValueError:
        return False


SETTINGS: Mapping[str, Setting] = {
    one.name: one
    for one in (
        Setting("instance.name", "What the unit is called", "Practice Development Unit"),
        Setting(
            "area.local",
            "The areas that count as local",
            ("nottingham_city", "nottinghamshire"),
        ),
        Setting("office.opens", "When office hours begin", "08:30", clock=True),
        Setting("office.closes", "When office hours end", "17:30", clock=True),
        Setting("figures.small_base", "Fewer answers than this are a small base", 30, 1, 1000),
        Setting("figures.withheld_below", "Fewer people than this are told to nobody", 5, 3, 100),
        Setting("surveys.days_between", "Days between two requests to one person", 14, 0, 365),
        Setting("surveys.ask_after_events", "Whether surveys are sent out by themselves", True),  # noqa: FBT003 - the default
        Setting("letters.a_week", "Letters a week that are not about a booking", 2, 1, 20),
        Setting("letters.quiet_from", "From when on nobody is written to", "20:00", clock=True),
        Setting("letters.quiet_until", "Until when nobody is written to", "08:00", clock=True),
        Setting("feedback.days", "Days within which contributors hear what came of it", 60, 1, 365),
    )
}
