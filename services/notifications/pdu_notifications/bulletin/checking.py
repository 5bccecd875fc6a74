"""The checks of an issue: links, and what shuts readers out. Strangers' pages are not fetched."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_notifications.bulletin.collecting import entries_of
from pdu_notifications.bulletin.issue import Entry, Issue, IssueKey, issue
from pdu_notifications.rules.bulletin import Section
from pdu_notifications.rules.bulletin_check import Finding, Severity, events_linked, findings
from pdu_shared.database import Conn, snapshot
from pdu_shared.prose import outline_of
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["bulletin"])


class Found(BaseModel):
    """Something that a check found."""

    severity: Severity
    pointer: str = Field(description="In what is sent to write the issue, such as /texts/headline")
    code: str
    detail: str


class Checked(BaseModel):
    """What all checks found. With an error an issue goes no further."""

    ok: bool
    findings: list[Found]


@router.get("/bulletins/{issue_key}/checks")
async def checks(issue_key: IssueKey, here: Here, now: Now) -> Checked:
    """What has to be put right, and what is to be thought over, before anybody reads the issue."""
    async with snapshot(here.database) as conn:
        found = await issue(conn, issue_key)
        entries = await entries_of(conn, found, now)
        result = await check(conn, found, entries, here.settings.portal_url.rstrip("/"))
    return Checked(
        ok=not faults(result),
        findings=[
            Found(severity=one.severity, pointer=one.pointer, code=one.code, detail=one.detail)
            for one in result
        ],
    )


async def check(conn: Conn, written: Issue, entries: Sequence[Entry], portal: str) -> list[Finding]:
    """What is wrong with an issue."""
    texts = {
        f"/texts/{section}": outline_of(text)
        for section in Section
        if (text := written.texts.of(section))
    }
    if not texts and not entries:
        detail = "There is nothing in it: no text, and nothing from the streams."
        return [Finding(Severity.ERROR, "", "empty", detail)]
    linked = events_linked(texts, portal=portal)
    return list(findings(texts, portal=portal, events=await _that_take_place(conn, linked)))


def faults(found: Sequence[Finding]) -> int:
    """How many of them have to be put right."""
    return sum(one.severity is Severity.ERROR for one in found)


async def _that_take_place(conn: Conn, events: set[str]) -> set[str]:
    rows = await conn.fetch(
        """
        SELECT learning_event_id FROM bulletin_event
         WHERE learning_event_id = ANY ($1::uuid[]) AND NOT called_off
        """,
        [one for event in events if (one := _id(event))],
    )
    return {str(row["learning_event_id"]) for row in rows}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
