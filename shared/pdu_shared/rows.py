"""Rows of a file of records, read from lines of JSON; and what is wrong with those unfit."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pdu_shared import strict_json
from pdu_shared.answers import fault_of
from pdu_shared.forms import Form
from pdu_shared.problems import Fault, Problem


class Row(Form):
    """A row of a file. A column left empty is not there."""

    @property
    def key(self) -> Hashable:
        """What it is about. Two rows with one key say different things of the same."""
        return self


class BadRow(BaseModel):
    """What is wrong with a row; nothing of it has been taken. Lines count from 1."""

    line: int
    pointer: str
    code: str
    detail: str | None


RowT = TypeVar("RowT", bound=Row)


def read(kind: type[RowT], lines: Sequence[bytes]) -> tuple[list[tuple[int, RowT]], list[BadRow]]:
    """The rows with the numbers of their lines, each once, and what is wrong with the others."""
    rows: dict[Hashable, tuple[int, RowT]] = {}
    wrong: list[BadRow] = []
    for number, line in enumerate(lines, start=1):
        try:
            row = kind.model_validate(_columns(kind, line))
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False)
            wrong += [_bad_row(number, fault_of(one, one["loc"])) for one in found]
        except ValueError as error:
            wrong.append(BadRow(line=number, pointer="", code="malformed-json", detail=str(error)))
        else:
            first, known = rows.setdefault(row.key, (number, row))
            if known != row:
                told = f"Line {first} says something else of the same."
                wrong.append(BadRow(line=number, pointer="", code="repeated-key", detail=told))
    return list(rows.values()), wrong


def _columns(kind: type[Row], line: bytes) -> Mapping[str, object]:
    """The columns of a line that are not empty."""
    given = strict_json.loads(line)
    if not isinstance(given, dict):
        raise ValueError("It is not a JSON object.")  # noqa: TRY004 - the line, not our code
    return {
        name: said for name, said in given.items() if said != "" or name not in kind.model_fields
    }


def bad_rows(line: int, problem: Problem) -> Iterator[BadRow]:
    """What a problem with a row is in the answer."""
    faults = problem.errors or (Fault("", problem.slug, problem.detail or problem.title),)
    return (_bad_row(line, fault) for fault in faults)


def _bad_row(line: int, fault: Fault) -> BadRow:
    return BadRow(line=line, pointer=fault.pointer, code=fault.code, detail=fault.detail)
