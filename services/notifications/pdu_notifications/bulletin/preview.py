"""An issue as its readers will see it: as text, as HTML, and as a picture of it."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from pdu_notifications.bulletin.collecting import entries_of
from pdu_notifications.bulletin.issue import IssueKey, issue
from pdu_notifications.bulletin.picture import picture_of
from pdu_notifications.bulletin.rendering import place_of, words_of
from pdu_notifications.wording import Words
from pdu_shared.database import snapshot
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["bulletin"])

HARMLESS = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "A picture", "content": {"image/png": {}}}
}
EXAMPLE = "p/example"
"""Stands for the link that is another one in each letter."""


@router.get("/bulletins/{issue_key}/preview/text", response_class=PlainTextResponse)
async def as_text(issue_key: IssueKey, here: Here, now: Now) -> Response:
    """The plain text of its letter."""
    return PlainTextResponse((await _words(here, issue_key, now)).text)


@router.get("/bulletins/{issue_key}/preview/html", response_class=HTMLResponse)
async def as_html(issue_key: IssueKey, here: Here, now: Now) -> Response:
    """The HTML of its letter."""
    return HTMLResponse((await _words(here, issue_key, now)).html, headers=HARMLESS)


@router.get("/bulletins/{issue_key}/preview/picture", response_class=Response, responses=PICTURE)
async def as_picture(
    issue_key: IssueKey,
    here: Here,
    now: Now,
    width: Annotated[int, Query(ge=320, le=1280, description="In pixels: 320 is a phone")] = 640,
) -> Response:
    """A picture of its letter. 409 where the machine has no Chromium."""
    words = await _words(here, issue_key, now)
    return Response(await picture_of(words.html, width=width), media_type="image/png")


async def _words(here: Runtime, issue_key: str, now: datetime) -> Words:
    async with snapshot(here.database) as conn:
        one = await issue(conn, issue_key)
        entries = await entries_of(conn, one, now)
    place = place_of(one, here.settings.portal_url)
    return words_of(one, entries, place, choose=f"{place.portal_url}/{EXAMPLE}")
