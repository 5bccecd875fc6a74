"""Figures as a report printed them, read from a file."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pdu_local.failure import USAGE, Failure
from pdu_reporting.rules.claim import Published, Recomputed, Verdict, verdict

__all__ = ["Published", "Recomputed", "Verdict", "published", "verdict"]

SHOWN = 10


def published(path: Path) -> Sequence[Published]:
    """The figures of a file. Raises `Failure` naming what is wrong with it, and where."""
    try:
        return TypeAdapter(list[Published]).validate_json(path.read_bytes())
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}.", code=USAGE) from None
    except ValidationError as error:
        flaws = error.errors(include_url=False, include_input=False)
        told = "\n  ".join(_in_words(flaw["loc"], flaw["msg"]) for flaw in flaws[:SHOWN])
        more = f"\n  and {len(flaws) - SHOWN} more" if len(flaws) > SHOWN else ""
        what = f"{told}{more}"
        raise Failure(f"{path} cannot be read as printed figures.", what, code=USAGE) from None


def _in_words(place: Sequence[int | str], what: str) -> str:
    """Such as `figure 2, statement: Field required`."""
    match list(place):
        case [int() as number, *fields]:
            return f"{', '.join((f'figure {number + 1}', *map(str, fields)))}: {what}"
        case _:
            return what
