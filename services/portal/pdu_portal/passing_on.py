"""Files of the services for people's browsers: what needs a token comes through here, in parts."""

import re
from collections.abc import Mapping

from starlette.background import BackgroundTask
from starlette.responses import StreamingResponse

from pdu_portal.neighbours import Neighbour

ASKED = ("range", "if-range", "if-none-match")
TOLD = (
    "content-type",
    "content-length",
    "content-range",
    "accept-ranges",
    "etag",
    "last-modified",
    "content-disposition",
)
# A page of somebody else's making must not run as one of ours.
SHOWN = re.compile(
    r"(application/pdf|image/(png|jpeg|gif|webp)|video/|audio/|text/(plain|vtt|csv|calendar))"
)


async def pass_on(
    service: Neighbour,
    path: str,
    asked: Mapping[str, str] | None = None,
    *,
    called: str = "",
    kept: str = "private, no-store",
) -> StreamingResponse:
    """The file at the path; with a name, to be kept. Raises Away, NotThere or Refused.

    `kept` says who may keep it for how long.
    """
    wanted = {name: asked[name] for name in ASKED if asked and name in asked}
    found = await service.opened(path, {**wanted, "Accept-Encoding": "identity"})
    told = {name: found.headers[name] for name in TOLD if name in found.headers}
    if called:
        told["content-disposition"] = f'attachment; filename="{called}"'
    elif not SHOWN.match(told.get("content-type", "")):
        told["content-disposition"] = "attachment"
    return StreamingResponse(
        # If it ends early, the browser sees by the length that something is missing.
        found.aiter_raw(),
        found.status_code,
        # Compressed once more, a part would not be the part that was asked for.
        {**told, "Cache-Control": kept, "Content-Encoding": "identity"},
        background=BackgroundTask(found.aclose),
    )
