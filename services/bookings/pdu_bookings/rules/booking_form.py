"""What a learning event asks of those who book, and what is wrong with what they answer."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class QuestionKind(StrEnum):
    """What an answer to a question at booking looks like."""

    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a learning event asks at booking."""

    code: str
    wording: str
    kind: QuestionKind
    options: Mapping[str, str] = field(default_factory=dict)
    """The words of each option of a choice, by its code."""
    required: bool = field(default=False, compare=False)
    """Says nothing about what an answer means."""


@dataclass(frozen=True, slots=True)
class Asks:
    """What a learning event asks."""

    agreement: int | None = None
    """The version of the group agreement that is to be accepted, if any."""
    known_versions: Collection[int] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong: where it stands, a stable code, and words."""

    pointer: str
    code: str
    words: str


def wrong(asks: Asks, agreement: int | None, answers: Mapping[str, str]) -> list[Wrong]:
    """What is wrong with what somebody accepts and answers; nothing when they may book."""
    return [*_agreement(asks, agreement), *_answers(asks, answers)]


def _agreement(asks: Asks, given: int | None) -> Iterator[Wrong]:
    if asks.agreement is None:
        if given is not None and given not in asks.known_versions:
            yield Wrong("/agreement", "unknown-version", "There is no such version.")
    elif given is None:
        words = f"Read /agreements/{asks.agreement} and accept it with its number."
        yield Wrong("/agreement", "missing", words)
    elif given != asks.agreement:
        words = f"This event asks for /agreements/{asks.agreement}: read and accept that one."
        yield Wrong("/agreement", "another-version", words)


def _answers(asks: Asks, answers: Mapping[str, str]) -> Iterator[Wrong]:
    questions = {question.code: question for question in asks.questions}
    for code in answers.keys() - questions.keys():
        yield Wrong(f"/answers/{code}", "unknown-question", "This event does not ask that.")
    for code, question in questions.items():
        answer = answers.get(code)
        if answer is None and question.required:
            yield Wrong(f"/answers/{code}", "missing", question.wording)
        elif question.kind is QuestionKind.CHOICE and answer not in {None, *question.options}:
            words = f"Possible are: {', '.join(question.options)}."
            yield Wrong(f"/answers/{code}", "unknown-option", words)
