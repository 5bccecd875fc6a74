"""Issues that went out, for everybody to read: as JSON, as a page, and as a feed."""

from datetime import datetime
from typing import Annotated
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from pdu_notifications.bulletin.issue import Entry, Issue, IssueKey, issue
from pdu_notifications.bulletin.preview import HARMLESS
from pdu_notifications.bulletin.rendering import Place, place_of, words_of
from pdu_notifications.rules.bulletin import READABLE, Section
from pdu_notifications.wording import PROVIDER
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.problems import NotFound
from pdu_shared.prose import html_of
from pdu_shared.runtime import Here, Store

router = APIRouter(tags=["bulletin"])

ATOM = "application/atom+xml"
_SPACE = "http://www.w3.org/2005/Atom"
IN_A_FEED = 30
FOR_ALL = {"Cache-Control": "public, max-age=300"}


class ArchivedLine(BaseModel):
    """An issue in the list of those that went out."""

    issue_key: str
    list: MailingList
    title: str
    issued_at: datetime


class ReadablePart(BaseModel):
    """A section of an issue."""

    section: Section
    heading: str | None
    html: str = Field(description="What was written, safe to show: no script, style or picture")
    entries: list[Entry]


class ReadableIssue(ArchivedLine):
    """An issue as everybody may read it."""

    topics: list[str]
    parts: list[ReadablePart]


@router.get("/bulletin-archive")
async def archive(
    database: Store,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    before: Annotated[IssueKey | None, Query(description="The last of the page before")] = None,
) -> list[ArchivedLine]:
    """The issues that went out, newest first."""
    response.headers.update(FOR_ALL)
    rows = await database.pool.fetch(
        """
        SELECT issue_key, list, title, began_at AS issued_at
          FROM bulletin_issue
         WHERE state = ANY ($1)
           AND ($3::text IS NULL
                OR (began_at, issue_key)
                   < ((SELECT began_at FROM bulletin_issue WHERE issue_key = $3), $3))
         ORDER BY began_at DESC, issue_key DESC
         LIMIT $2
        """,
        list(READABLE),
        limit,
        before,
    )
    return [ArchivedLine(**row) for row in rows]


@router.get("/bulletin-archive/{issue_key}")
async def read(issue_key: IssueKey, here: Here, response: Response) -> ReadableIssue:
    """An issue that went out, part by part."""
    response.headers.update(FOR_ALL)
    one, issued_at = await _readable(here.database, issue_key)
    place = place_of(one, here.settings.portal_url)
    return ReadableIssue(
        issue_key=one.issue_key,
        list=one.list,
        title=one.title,
        issued_at=issued_at,
        topics=list(one.topics),
        parts=[part for section in Section if (part := _part(one, section, place))],
    )


@router.get("/bulletin-archive/{issue_key}/page", response_class=HTMLResponse)
async def page(issue_key: IssueKey, here: Here) -> Response:
    """An issue that went out as a page, without anything that was for one reader alone."""
    one, _ = await _readable(here.database, issue_key)
    words = words_of(one, one.told, place_of(one, here.settings.portal_url))
    return HTMLResponse(words.html, headers={**HARMLESS, **FOR_ALL})


@router.get(
    "/bulletin-feed",
    response_class=Response,
    responses={200: {"description": "An Atom feed", "content": {ATOM: {}}}},
)
async def feed(here: Here, database: Store) -> Response:
    """The newest issues as an Atom feed."""
    rows = await database.pool.fetch(
        """
        SELECT issue_key, title, began_at, changed_at
          FROM bulletin_issue
         WHERE state = ANY ($1)
         ORDER BY began_at DESC, issue_key DESC
         LIMIT $2
        """,
        list(READABLE),
        IN_A_FEED,
    )
    portal = here.settings.portal_url.rstrip("/")
    root = Element("feed", {"xmlns": _SPACE})
    _say(root, "title", f"The bulletin of the {PROVIDER}")
    _say(root, "id", f"{portal}/bulletin")
    newest = max((row["began_at"] for row in rows), default=datetime.fromtimestamp(0).astimezone())
    _say(root, "updated", newest.isoformat())
    _say(SubElement(root, "author"), "name", PROVIDER)
    for row in rows:
        entry = SubElement(root, "entry")
        _say(entry, "title", row["title"])
        _say(entry, "id", f"{portal}/bulletin/{row['issue_key']}")
        SubElement(entry, "link", {"href": f"{portal}/bulletin/{row['issue_key']}"})
        _say(entry, "published", row["began_at"].isoformat())
        _say(entry, "updated", row["began_at"].isoformat())
        _say(entry, "summary", row["title"])
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type=ATOM, headers=FOR_ALL)


async def _readable(database: Store, issue_key: str) -> tuple[Issue, datetime]:
    async with database.pool.acquire(timeout=5) as conn:
        one = await issue(conn, issue_key)
    if one.state not in READABLE or one.began_at is None:
        raise NotFound
    return one, one.began_at


def _part(one: Issue, section: Section, place: Place) -> ReadablePart | None:
    written = one.texts.of(section)
    entries = [entry for entry in one.told if entry.section is section]
    if not written and not entries:
        return None
    return ReadablePart(
        section=section,
        heading=section.heading,
        html=html_of(written, top=3, lead=place.coded),
        entries=entries,
    )


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
