"""Whether a question can be answered as it stands."""

from collections.abc import Iterator, Sequence

from pdu_shared.contracts.vocabulary import QuestionType

CHOICES = frozenset({QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.RANKING})
FEWEST_OPTIONS = 2


def faults_of(
    kind: QuestionType, options: Sequence[str], *, minimum: float | None, maximum: float | None
) -> Iterator[tuple[str, str, str]]:
    """Everything that keeps people from answering it: pointer, stable word, sentence."""
    if kind in CHOICES and len(options) < FEWEST_OPTIONS:
        yield "/options", "too-few", "A question of this type offers at least two options."
    if kind not in CHOICES and options:
        yield "/options", "wrong-type", "A question of this type offers no options."
    if len(set(options)) < len(options):
        yield "/options", "repeated", "Each option has a code of its own."
    bounds = {"minimum": minimum, "maximum": maximum}
    for name in (name for name, bound in bounds.items() if bound is not None):
        if kind is not QuestionType.NUMBER:
            yield f"/{name}", "wrong-type", "Only a number has bounds."
    if minimum is not None and maximum is not None and minimum > maximum:
        yield "/maximum", "out-of-bounds", "The maximum is not below the minimum."
