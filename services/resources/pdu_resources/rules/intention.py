"""What answers say about what somebody means to do, and about what became of it."""

from collections.abc import Sequence
from typing import NamedTuple

from pdu_resources.rules.survey import Answer
from pdu_shared.contracts.resources.change import ActionState

INTENDS = "core.intends_change"
ACTION, WHAT_HAPPENED, OUTCOMES = "fu.action", "fu.what_happened", "fu.outcomes"
_BECAME = {
    (ACTION, "yes"): ActionState.DONE,
    (ACTION, "no"): ActionState.NOT_DONE,
    (WHAT_HAPPENED, "done"): ActionState.DONE,
    (WHAT_HAPPENED, "partly"): ActionState.PARTLY,
    (WHAT_HAPPENED, "something_else"): ActionState.PARTLY,
    (WHAT_HAPPENED, "not_done"): ActionState.NOT_DONE,
}


class Reported(NamedTuple):
    """What became of it, and whether people who use services are better off, if that was said."""

    state: ActionState
    outcome_code: str | None


def intends(answers: Sequence[Answer]) -> bool:
    """Whether somebody wants to change something."""
    return "yes" in _chosen(answers, INTENDS)


def reported(answers: Sequence[Answer]) -> Reported | None:
    """What somebody says became of what they wanted to do; None where they do not say."""
    for question in (WHAT_HAPPENED, ACTION):
        for option in _chosen(answers, question):
            if state := _BECAME.get((question, option)):
                return Reported(state, next(iter(_chosen(answers, OUTCOMES)), None))
    return None


def _chosen(answers: Sequence[Answer], question: str) -> tuple[str, ...]:
    return next((one.options for one in answers if one.question_code == question), ())
