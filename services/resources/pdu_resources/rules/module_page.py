"""How a page of an e-learning module is written: Markdown, with questions in fenced blocks.

A title comes first. A question is a block that begins with three backticks and
`question one first-words`: how it is answered (one, several, write) and a code. In it stand what is
asked, then the answers as a list of tasks (`- [x]` fits, `- [ ]` does not), each with a thought for
whoever chooses it (`> …`). docs/e-learning-format.md has an example.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase
from typing import NamedTuple, TypeAlias

FENCE = re.compile(r"^(`{3,}|~{3,})\s*(.*?)\s*$")
TITLE = re.compile(r"^# +(\S.*?)\s*#*\s*$")
OPTION = re.compile(r"^- \[([ xX])\] +(\S.*)$")
FEEDBACK = re.compile(r"^ *> ?(.*)$")
CODE = re.compile(r"^[a-z0-9][a-z0-9-]{0,63}$")
FEWEST_OPTIONS, MOST_OPTIONS = 2, 10


class Kind(StrEnum):
    """How a question is answered."""

    ONE = "one"
    SEVERAL = "several"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from, and what whoever chooses it reads then."""

    code: str
    label: str
    feedback: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Question:
    """Something to think about. There are no marks: an answer is met with a thought."""

    code: str
    kind: Kind
    wording: str
    options: tuple[Option, ...]
    feedback: str


Part: TypeAlias = str | Question
"""Markdown, or a question."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is read: its title, and then text and questions in their order."""

    title: str
    parts: tuple[Part, ...]

    @property
    def questions(self) -> list[Question]:
        """What is asked on it."""
        return [part for part in self.parts if isinstance(part, Question)]


class Flaw(NamedTuple):
    """What cannot be read: the line (from 1), a stable code, and words."""

    line: int
    code: str
    because: str


class UnreadableError(ValueError):
    """A page that is not written as it should be, with everything that is wrong."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("; ".join(f"{flaw.line}: {flaw.because}" for flaw in flaws))
        self.flaws = tuple(flaws)


def read_page(text: str) -> Page:
    """The page that a file holds. Raises UnreadableError, which names all of its flaws."""
    lines = text.splitlines()
    title, begin = _title(lines)
    flaws = [] if title else [Flaw(begin, "title", "Begin with a title: `# What it is about`.")]
    parts: list[Part] = []
    for line, info, block in _blocks(lines, begin, flaws):
        if info is None:
            parts += [said] if (said := "\n".join(block).strip()) else []
        else:
            question, wrong = _question(line, info, block)
            flaws += wrong
            parts += [question] if question else []
    flaws += _repeated(lines, parts)
    if not parts and not flaws:
        flaws.append(Flaw(begin, "empty", "There is nothing on this page but its title."))
    if flaws or title is None:
        raise UnreadableError(sorted(flaws))
    return Page(title, tuple(parts))


def _title(lines: Sequence[str]) -> tuple[str | None, int]:
    """The title, and the number of its line."""
    for number, line in enumerate(lines, start=1):
        if found := TITLE.match(line):
            return found[1], number
        if line.strip():
            return None, number
    return None, 1


def _blocks(
    lines: Sequence[str], begin: int, flaws: list[Flaw]
) -> Iterator[tuple[int, str | None, list[str]]]:
    """Stretches of text, and what stands in the fences of questions, with their first lines."""
    kept: list[str] = []
    fence, opened, info = "", 0, ""
    first = begin + 1
    for number, line in enumerate(lines[begin:], start=first):
        mark = FENCE.match(line)
        if fence and mark and mark[1].startswith(fence) and not mark[2]:
            if info:
                yield opened, info, kept
                kept, first = [], number + 1
            else:
                kept.append(line)
            fence, info = "", ""
        elif not fence and mark:
            fence, opened = mark[1], number
            if mark[2].split(" ")[0] == "question":
                yield first, None, kept
                kept, info = [], mark[2]
            else:
                kept.append(line)
        else:
            kept.append(line)
    if fence:
        flaws.append(Flaw(opened, "fence", f"This block is never closed: end it with {fence}"))
    elif kept:
        yield first, None, kept


def _question(line: int, info: str, block: Sequence[str]) -> tuple[Question | None, list[Flaw]]:
    words = info.split()[1:]
    kinds = ", ".join(Kind)
    if len(words) != 2 or words[0] not in set(Kind):  # noqa: PLR2004 - a kind and a code
        how = f"Say how it is answered ({kinds}) and a code: ```question one first-words"
        return None, [Flaw(line, "question", how)]
    kind, code = Kind(words[0]), words[1]
    if not CODE.match(code):
        return None, [Flaw(line, "code", "A code is made of small letters, digits and hyphens.")]
    wording, options, feedback, flaws = _inside(line, block)
    if not wording:
        flaws.append(Flaw(line, "wording", "Ask something before the answers begin."))
    if kind is Kind.WRITE:
        if options:
            flaws.append(Flaw(line, "options", "What is written has no answers to choose from."))
    elif not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        how = f"Give {FEWEST_OPTIONS} to {MOST_OPTIONS} answers: `- [x] One that fits`."
        flaws.append(Flaw(line, "options", how))
    elif kind is Kind.ONE and sum(option.fits for option in options) > 1:
        flaws.append(Flaw(line, "options", "Of these only one is chosen: mark one with [x]."))
    return Question(code, kind, wording, tuple(options), feedback), flaws


def _inside(line: int, block: Sequence[str]) -> tuple[str, list[Option], str, list[Flaw]]:
    wording: list[str] = []
    after: list[str] = []
    options: list[tuple[str, bool, list[str]]] = []
    flaws = []
    for number, text in enumerate(block, start=line + 1):
        if found := OPTION.match(text):
            options.append((found[2].strip(), found[1] != " ", []))
        elif found := FEEDBACK.match(text):
            (options[-1][2] if options else after).append(found[1])
        elif not options and not after:
            wording.append(text)
        elif text.strip() and options and text.startswith("  "):
            label, fits, feedback = options[-1]
            options[-1] = (f"{label} {text.strip()}", fits, feedback)
        elif text.strip():
            flaws.append(Flaw(number, "line", "Neither an answer (- [ ] …) nor a thought (> …)."))
    read = [
        Option(letter, label, "\n".join(feedback).strip(), fits)
        for letter, (label, fits, feedback) in zip(ascii_lowercase, options, strict=False)
    ]
    return "\n".join(wording).strip(), read, "\n".join(after).strip(), flaws


def _repeated(lines: Sequence[str], parts: Sequence[Part]) -> Iterator[Flaw]:
    seen = set()
    for part in parts:
        if isinstance(part, Question):
            if part.code in seen:
                at = [n for n, text in enumerate(lines, 1) if text.split()[-1:] == [part.code]]
                yield Flaw(at[-1], "code", f"Another question of this page is {part.code} already.")
            seen.add(part.code)
