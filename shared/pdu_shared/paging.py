"""What can be asked of every list: a page at a time for people, all pages for a file."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, time
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from pdu_shared.database import Conn, Database
from pdu_shared.forms import Day, Form
from pdu_shared.local_time import moment
from pdu_shared.sheet_file import SheetFormat

ROWS = 500

Line = TypeVar("Line", bound=BaseModel)


class Paged(Form):
    """Which page."""

    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class AsFile(Form):
    """Which kind of file."""

    format: SheetFormat = SheetFormat.CSV


class Within(Form):
    """Which days, both included."""

    since: Annotated[Day | None, Field(alias="from", description="The first day")] = None
    until: Annotated[Day | None, Field(alias="to", description="The last day")] = None

    @property
    def begins(self) -> datetime | None:
        """The first moment of the first day, in local time."""
        return moment(datetime.combine(self.since, time.min)) if self.since else None

    @property
    def ends(self) -> datetime | None:
        """The last moment of the last day."""
        return moment(datetime.combine(self.until, time.max)) if self.until else None


def cut(
    lines: list[Line], limit: int, key: Callable[[Line], UUID]
) -> tuple[list[Line], UUID | None]:
    """A page of so many lines, and where the next begins, of one line more than fit."""
    page = lines[:limit]
    return page, key(page[-1]) if len(lines) > limit else None


async def every_page(
    database: Database,
    read: Callable[[Conn, UUID | None, int], Awaitable[list[Line]]],
    key: Callable[[Line], UUID],
) -> AsyncIterator[list[Line]]:
    """All lines of a list, page by page; between two pages no connection is held."""
    after: UUID | None = None
    while True:
        async with database.pool.acquire(timeout=5) as conn:
            lines = await read(conn, after, ROWS)
        yield lines
        if len(lines) < ROWS:
            return
        after = key(lines[-1])
