"""How far somebody is with an e-learning module, and what an answer is met with."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdu_resources.rules.module_page import Kind, Question


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why an answer cannot be one to a question: the field, a stable code, and words."""

    field: str
    code: str
    because: str


@dataclass(frozen=True, slots=True)
class Thought:
    """What is said to an answer that was chosen, and to one that was not though it fits."""

    option: str
    fits: bool
    feedback: str


def unseen(pages: int, furthest: int) -> int | None:
    """The first page that somebody has not come to yet."""
    return furthest + 1 if furthest < pages else None


def unfit(question: Question, options: Sequence[str], said: str | None) -> Unfit | None:
    """Why this cannot be kept as an answer."""
    if question.kind is Kind.WRITE:
        return _unfit_words(options, said)
    if said:
        return Unfit("said", "not-asked", "This question is answered by choosing.")
    return _unfit_choice(question, options)


def _unfit_words(options: Sequence[str], said: str | None) -> Unfit | None:
    if options:
        return Unfit("options", "not-offered", "This question is answered in your own words.")
    if not said:
        return Unfit("said", "missing", "Write something, or leave the question.")
    return None


def _unfit_choice(question: Question, options: Sequence[str]) -> Unfit | None:
    possible = [option.code for option in question.options]
    if not options:
        return Unfit("options", "missing", "Choose an answer, or leave the question.")
    if not set(options) <= set(possible):
        return Unfit("options", "unknown-option", f"Possible are: {', '.join(possible)}.")
    if len(set(options)) < len(options):
        return Unfit("options", "repeated", "Each answer once.")
    if question.kind is Kind.ONE and len(options) > 1:
        return Unfit("options", "only-one", "Choose one.")
    return None


def thoughts(question: Question, options: Sequence[str]) -> list[Thought]:
    """What whoever chose these reads: about each of theirs, and about what else would fit.

    Only where several may be chosen is something missed; of one choice the others stay unsaid,
    so that they can be tried.
    """
    return [
        Thought(option.code, option.fits, option.feedback)
        for option in question.options
        if option.code in options or (question.kind is Kind.SEVERAL and option.fits)
    ]
