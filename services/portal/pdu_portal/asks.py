"""What a form asks for, and reading what was typed into it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pdu_portal.shapes import Term
from pdu_portal.words import local

AMBASSADOR, EXPERT = "beneficiary_ambassador", "expert_by_experience"
BOTH = (AMBASSADOR, EXPERT)
YES = "yes"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a step asks for; `kind` is day, clock, line, long, one_of, tick or number."""

    name: str
    kind: str
    label: str
    hint: str = ""
    terms: tuple[Term, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who takes it, what it asks for, and how it reaches bookings."""

    title: str
    lead: str
    button: str
    path: str
    asks: tuple[Ask, ...] = ()
    method: str = "put"
    roles: tuple[str, ...] = BOTH
    body: Callable[[Mapping[str, Any]], dict[str, object]] = dict


def terms(words: Mapping[str, str]) -> tuple[Term, ...]:
    """A list of ours, as a step asks from it."""
    return tuple(Term(code=code, label=label) for code, label in words.items())


def read(asks: tuple[Ask, ...], values: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed as it is sent, and what is missing or cannot be, by field."""
    said: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for ask in asks:
        typed = values.get(ask.name, "").strip()
        if ask.kind == "tick":
            said[ask.name] = typed == YES
            if not typed and not ask.optional:
                errors[ask.name] = "Tick this when it is done"
        elif not typed:
            if not ask.optional:
                errors[ask.name] = MISSING[ask.kind]
        elif wrong := _wrong(ask, typed):
            errors[ask.name] = wrong
        else:
            said[ask.name] = typed
    return said, errors


MISSING = {
    "day": "Enter the day",
    "clock": "Enter the time",
    "line": "Enter a few words",
    "long": "Write a few words",
    "one_of": "Choose one",
    "number": "Enter a number. 0 is fine",
}


def today() -> str:
    """The day it is here, as a form has it."""
    return f"{local(datetime.now(UTC)):%Y-%m-%d}"


def _wrong(ask: Ask, typed: str) -> str:
    try:
        match ask.kind:
            case "day":
                datetime.strptime(typed, "%Y-%m-%d")  # noqa: DTZ007 - a day on the wall
            case "clock":
                datetime.strptime(typed, "%H:%M")  # noqa: DTZ007
            case "number":
                if not 0 <= float(typed) <= 10_000:  # noqa: PLR2004 - more is a slip
                    return "Enter a number between 0 and 10,000"
            case "one_of":
                return "" if typed in {term.code for term in ask.terms} else "Choose one"
    except ValueError:
        return {
            "day": "Enter a day like 2026-10-05",
            "clock": "Enter a time like 13:30",
        }.get(ask.kind, "Enter a number")
    return ""
