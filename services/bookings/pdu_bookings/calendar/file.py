"""A calendar as an HTTP answer, which whoever has it already need not read again."""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import Response

from pdu_shared.calendar_entry import Entry, Organiser
from pdu_shared.mail import address
from pdu_shared.settings import Settings

PROVIDER = "Practice Development Unit"
FOR_ALL = "public, max-age=900"
FOR_ONE = "private, no-cache"

AS_CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A calendar file (RFC 5545) with an `ETag`.",
        "content": {"text/calendar": {"schema": {"type": "string"}}},
    },
    304: {"description": "You have it already."},
}
"""What OpenAPI says of a route that answers with a calendar."""

Known = Annotated[str, Header(alias="If-None-Match", description="The `ETag` of what you have.")]


async def calendar(
    entries: Sequence[Entry], settings: Settings, *, name: str, known: str, keep: str
) -> Response:
    """The calendar of this name, or that it has not changed."""
    organiser = Organiser(PROVIDER, address(settings.mail_from).addr_spec)
    etag = f'"{hashlib.sha256(repr((entries, organiser, name)).encode()).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": keep}
    if etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Response(status_code=304, headers=headers)
    text = await asyncio.to_thread(_written, entries, organiser, name)
    headers["Content-Disposition"] = 'inline; filename="learning-events.ics"'
    return Response(text, headers=headers, media_type="text/calendar")


def _written(entries: Sequence[Entry], organiser: Organiser, name: str) -> str:
    # icalendar takes a tenth of a second to import: no part of starting the service.
    from pdu_shared.calendar_file import calendar_file  # noqa: PLC0415

    return calendar_file(entries, organiser=organiser, name=name)
