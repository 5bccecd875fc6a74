"""A module as it is written: a folder with `module.toml` and pages such as `01-arriving.md`."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from pdu_resources.rules.module_page import Page, UnreadableError, read_page
from pdu_shared.answers import fault_of
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import Level
from pdu_shared.forms import Form, OneLine, PublishedLine
from pdu_shared.problems import Fault, Refused

HEAD = "module.toml"
PAGE = re.compile(r"^\d{2}-[a-z0-9][a-z0-9-]{0,60}\.md$")
AT_LINE = re.compile(r"at line (\d+)")
MOST_PAGES = 40
LONGEST_FILE = 64 * 1024
LONGEST_MODULE_MINUTES = 240

Lines = Annotated[tuple[OneLine, ...], Field(max_length=12)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]


class Head(Form):
    """What `module.toml` says."""

    key: Key
    group: Code
    title: PublishedLine
    summary: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
    level: Level
    minutes: Annotated[int, Field(ge=1, le=LONGEST_MODULE_MINUTES, strict=True)]
    outcomes: Annotated[Lines, Field(min_length=1)]
    content_note: OneLine | None = None
    support: OneLine | None = None
    credit: Lines = ()
    example: bool = False


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A module that can be published: its head, its pages, and the text that they were read from.

    `texts` are the pages as they are kept: they are read anew when they are shown.
    """

    head: Head
    pages: tuple[Page, ...]
    texts: tuple[str, ...]

    @property
    def checksum(self) -> bytes:
        """The same for the same words."""
        said = "\0".join((self.head.model_dump_json(), *self.texts))
        return hashlib.sha256(said.encode()).digest()

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return sum(len(page.questions) for page in self.pages)


def read(files: Mapping[str, str]) -> Manuscript:
    """The module in these files. Raises Refused, which names each fault by its file and line."""
    faults = [*_wrong_files(files)]
    names = sorted(name for name in files if PAGE.match(name))
    head = None
    if HEAD in files:
        head, wrong = _head(files[HEAD])
        faults += wrong
    pages = []
    for name in names:
        try:
            pages.append(read_page(files[name]))
        except UnreadableError as error:
            faults += [fault(name, one.line, one.code, one.because) for one in error.flaws]
    faults += _repeated(names, pages) if len(pages) == len(names) else []
    if faults or head is None:
        raise Refused(errors=faults[:50])
    return Manuscript(head, tuple(pages), tuple(files[name] for name in names))


def fault(file: str, line: int | None, code: str, because: str) -> Fault:
    """What is wrong with a file, with its name and line in the pointer and in the words."""
    where = f"{file}, line {line}" if line else file
    pointer = file.replace("~", "~0").replace("/", "~1")
    return Fault(f"/{pointer}/{line}" if line else f"/{pointer}", code, f"{where}: {because}")


def _wrong_files(files: Mapping[str, str]) -> Iterator[Fault]:
    if HEAD not in files:
        yield fault(HEAD, None, "missing", "Every module has this file.")
    pages = 0
    for name, text in files.items():
        if name != HEAD and not PAGE.match(name):
            yield fault(
                name[:80], None, "name", "Pages are called 01-something.md, in their order."
            )
        elif len(text.encode()) > LONGEST_FILE:
            yield fault(name, None, "too-long", "A file has at most 64 KiB.")
        pages += name != HEAD
    if not 1 <= pages <= MOST_PAGES:
        yield fault(HEAD, None, "pages", f"A module has 1 to {MOST_PAGES} pages.")


def _head(text: str) -> tuple[Head | None, list[Fault]]:
    try:
        return Head.model_validate(tomllib.loads(text)), []
    except tomllib.TOMLDecodeError as error:
        found = AT_LINE.search(str(error))
        line = int(found[1]) if found else len(text.splitlines())
        return None, [fault(HEAD, line, "toml", "This is not TOML from here on.")]
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False)
        return None, [_of_field(text, one) for one in wrong]


def _of_field(text: str, error: ErrorDetails) -> Fault:
    told = fault_of(error, error["loc"])
    field = str(error["loc"][0])
    at = (n for n, line in enumerate(text.splitlines(), 1) if re.match(rf"{field}\s*=", line))
    detail = f"{field}: {told.detail}" if told.detail else field
    return fault(HEAD, next(at, None), told.code, detail)


def _repeated(names: Sequence[str], pages: Sequence[Page]) -> Iterator[Fault]:
    """An answer is kept by the code of its question, so no two of a module have one code."""
    first: dict[str, str] = {}
    for name, page in zip(names, pages, strict=True):
        for question in page.questions:
            if question.code in first:
                told = f"The question {question.code} is on {first[question.code]} already."
                yield fault(name, None, "code", told)
            first.setdefault(question.code, name)
