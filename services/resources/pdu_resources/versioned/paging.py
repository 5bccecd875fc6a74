"""Which page of a list."""

from collections.abc import Callable
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query

After = Annotated[UUID | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=100)]

Line = TypeVar("Line")


def cut(
    lines: list[Line], limit: int, key: Callable[[Line], UUID]
) -> tuple[list[Line], UUID | None]:
    """A page of so many lines, and where the next begins, of one line more than fit."""
    page = lines[:limit]
    return page, key(page[-1]) if len(lines) > limit else None
