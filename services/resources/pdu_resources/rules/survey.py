"""What counts as an answer to a question, and what is wrong with one that does not."""

import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pdu_shared.contracts.vocabulary import AnswerState, QuestionType

LONGEST_TEXT = 4000
_LINES = frozenset("\n\r\t")
_UNFIT = frozenset({"Cc", "Cs"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it is asked: what may be answered to it."""

    code: str
    version: int
    type: QuestionType
    options: tuple[str, ...] = ()
    offers_not_applicable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    asked_if: tuple[str, tuple[str, ...]] | None = None
    """Another question, and the options of which one has to be chosen there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody sends for one question: of one kind, or nothing at all."""

    question: str
    version: int | None = None
    """Which version they read, where they say."""
    options: tuple[str, ...] = ()
    ranks: tuple[tuple[str, int], ...] = ()
    """Pairs of an option and its rank; 1 is first."""
    number: float | None = None
    text: str | None = None
    not_applicable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a question that was in the survey."""

    question_code: str
    version: int
    state: AnswerState = AnswerState.NOT_ANSWERED
    options: tuple[str, ...] = ()
    ranks: tuple[tuple[str, int], ...] = ()
    number: float | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that cannot be taken: where, a stable word for it, and a sentence."""

    pointer: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers in the order of the questions, and everything that is wrong with them."""

    answers: list[Answer] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def read_answers(questions: Sequence[Question], given: Sequence[Given]) -> Reading:
    """Read what somebody sent. Every question may be left out; nothing is guessed or put right."""
    asked = {question.code: question for question in questions}
    times = Counter(one.question for one in given)
    reading, read = Reading(), dict[str, Answer]()
    for place, one in enumerate(given):
        where = f"/answers/{place}"
        if one.question not in asked:
            reading.wrong.append(
                Wrong(f"{where}/question", "unknown-question", "This survey does not ask this.")
            )
            continue
        if times[one.question] > 1:
            reading.wrong.append(
                Wrong(f"{where}/question", "repeated", "Answer each question once.")
            )
        question = asked[one.question]
        reading.wrong.extend(_wrong(question, one, where))
        read[question.code] = _answer(question, one)
    reading.wrong.extend(_not_asked(asked, read, given))
    reading.answers.extend(_of(question, read) for question in asked.values())
    return reading


def _of(question: Question, read: Mapping[str, Answer]) -> Answer:
    """What became of a question: one that was filtered out is another thing than one left out."""
    state = AnswerState.FILTERED_OUT if _filtered(question, read) else AnswerState.NOT_ANSWERED
    left_out = Answer(question_code=question.code, version=question.version, state=state)
    found = read.get(question.code, left_out)
    return left_out if found.state is AnswerState.NOT_ANSWERED else found


def _filtered(question: Question, read: Mapping[str, Answer]) -> bool:
    if question.asked_if is None:
        return False
    earlier, options = question.asked_if
    said = read.get(earlier)
    return (
        said is not None
        and said.state is AnswerState.ANSWERED
        and set(options).isdisjoint(said.options)
    )


def _not_asked(
    asked: Mapping[str, Question], read: Mapping[str, Answer], given: Sequence[Given]
) -> Iterator[Wrong]:
    for place, one in enumerate(given):
        answer = read.get(one.question)
        if answer is None or answer.state is AnswerState.NOT_ANSWERED:
            continue
        if _filtered(asked[one.question], read):
            detail = "After what you answered before, this is not asked: leave it out."
            yield Wrong(f"/answers/{place}/question", "not-asked", detail)


def _answer(question: Question, given: Given) -> Answer:
    text = (given.text or "").strip() or None
    said = given.options or given.ranks or given.number is not None or text
    state = AnswerState.ANSWERED if said else AnswerState.NOT_ANSWERED
    return Answer(
        question_code=question.code,
        version=question.version,
        state=AnswerState.NOT_APPLICABLE if given.not_applicable else state,
        options=given.options,
        ranks=tuple(sorted(given.ranks, key=lambda ranked: ranked[1])),
        number=given.number,
        text=text,
    )


def _wrong(question: Question, given: Given, where: str) -> Iterator[Wrong]:
    said = {
        "options": bool(given.options),
        "ranks": bool(given.ranks),
        "number": given.number is not None,
        "text": given.text is not None,
    }
    takes = _TAKES[question.type]
    for field_name, there in said.items():
        if there and field_name != takes:
            detail = f"This question is answered with {takes}."
            yield Wrong(f"{where}/{field_name}", "wrong-type", detail)
    if given.version not in {None, question.version}:
        detail = f"The survey asks version {question.version} of this: read it again."
        yield Wrong(f"{where}/version", "wrong-version", detail)
    if given.not_applicable and not question.offers_not_applicable:
        detail = "This question does not offer this."
        yield Wrong(f"{where}/not_applicable", "not-offered", detail)
    if given.not_applicable and any(said.values()):
        detail = "Either it does not apply, or it has an answer."
        yield Wrong(f"{where}/not_applicable", "contradiction", detail)
    if said[takes]:
        yield from _CHECKS[question.type](question, given, where)


def _single(question: Question, given: Given, where: str) -> Iterator[Wrong]:
    if len(given.options) > 1:
        yield Wrong(f"{where}/options", "one-option", "Choose one.")
    yield from _options(question, given.options, where)


def _multiple(question: Question, given: Given, where: str) -> Iterator[Wrong]:
    if len(set(given.options)) < len(given.options):
        yield Wrong(f"{where}/options", "repeated", "Name each of your choices once.")
    yield from _options(question, given.options, where)


def _options(question: Question, options: Sequence[str], where: str) -> Iterator[Wrong]:
    for place, option in enumerate(options):
        if option not in question.options:
            yield Wrong(f"{where}/options/{place}", "unknown-option", _possible(question))


def _ranking(question: Question, given: Given, where: str) -> Iterator[Wrong]:
    items = [item for item, _ in given.ranks]
    for place, item in enumerate(items):
        if item not in question.options:
            yield Wrong(f"{where}/ranks/{place}/option", "unknown-option", _possible(question))
    if len(set(items)) < len(items):
        yield Wrong(f"{where}/ranks", "repeated", "Give each item one rank.")
    if sorted(rank for _, rank in given.ranks) != list(range(1, len(items) + 1)):
        detail = "Ranks are 1, 2, 3 and so on, without gaps and without ties."
        yield Wrong(f"{where}/ranks", "ranks", detail)


def _number(question: Question, given: Given, where: str) -> Iterator[Wrong]:
    number = given.number or 0.0
    least = -math.inf if question.minimum is None else question.minimum
    most = math.inf if question.maximum is None else question.maximum
    if not (math.isfinite(number) and least <= number <= most):
        detail = f"Give a number from {least:g} to {most:g}."
        yield Wrong(f"{where}/number", "out-of-bounds", detail)


def _text(_question: Question, given: Given, where: str) -> Iterator[Wrong]:
    text = given.text or ""
    if len(text) > LONGEST_TEXT:
        detail = f"Write at most {LONGEST_TEXT} characters."
        yield Wrong(f"{where}/text", "too-long", detail)
    if any(char not in _LINES and unicodedata.category(char) in _UNFIT for char in text):
        detail = "Control characters are not allowed here."
        yield Wrong(f"{where}/text", "control-character", detail)


def _possible(question: Question) -> str:
    return f"Possible are: {', '.join(question.options)}."


_TAKES: Mapping[QuestionType, str] = {
    QuestionType.SINGLE: "options",
    QuestionType.MULTIPLE: "options",
    QuestionType.RANKING: "ranks",
    QuestionType.NUMBER: "number",
    QuestionType.TEXT: "text",
}
_CHECKS: Mapping[QuestionType, Callable[[Question, Given, str], Iterator[Wrong]]] = {
    QuestionType.SINGLE: _single,
    QuestionType.MULTIPLE: _multiple,
    QuestionType.RANKING: _ranking,
    QuestionType.NUMBER: _number,
    QuestionType.TEXT: _text,
}
