"""What somebody will receive: everything planned and posted, when, why, and what keeps it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pdu_notifications import due
from pdu_notifications.letters import PRIVATE, SHOWN_AS, WRITERS
from pdu_notifications.manners import manners
from pdu_notifications.recipient import Recipient, recipient
from pdu_notifications.rules.courtesy import Caps, Quiet, goes_at
from pdu_notifications.same_person import ids_of
from pdu_notifications.wording import Content
from pdu_shared import reads
from pdu_shared.access import Who
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn
from pdu_shared.listening import UnknownReferenceError
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["letters"])

READ, WHY = "coming_letters", "letters"


class ComingLetter(BaseModel):
    """A letter that somebody will receive, or would if nothing stood in its way."""

    kind: str
    reason: str = Field(description="Why it is planned, or `posted` when it lies in the post")
    list: MailingList | None = Field(
        description="The list that it belongs to; null for what goes to everybody whom it concerns"
    )
    due_at: datetime
    goes_at: datetime = Field(
        description="When it goes as far as is known now: not at night, and not too many at once"
    )
    subject: str | None = Field(description="What it is called as it would be written now")
    kept_back: str | None = Field(
        description="Why it will not go as things stand: `unsubscribed`, `address_suppressed`, "
        "`no_address`, `too_late`, or `nothing_to_say`"
    )


class ComingLetters(BaseModel):
    """What somebody will receive, in the order of its dates."""

    items: list[ComingLetter]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coming:
    kind: str
    reason: str
    due_at: datetime
    subject: str | None = None
    list: MailingList | None = None
    expires_at: datetime | None = None
    waits_for_morning: bool = False


@router.get("/persons/{person_id}/coming-letters")
async def coming_letters(
    person_id: UUID,
    here: Here,
    caller: Who,
    now: Now,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ComingLetters:
    """What somebody will receive, under all their ids. Nothing for somebody who is not known.

    Letters that are planned are written for this as of now, and thrown away again. What would say
    that somebody has lived experience is not shown.
    """
    # One moment: a letter that becomes due meanwhile is planned or posted, and never neither.
    async with (
        here.database.pool.acquire(timeout=5) as conn,
        conn.transaction(isolation="repeatable_read"),
    ):
        ids = await ids_of(conn, person_id)
        found = [*await _posted(conn, ids, limit), *await _planned(conn, ids, limit)]
        who = await recipient(conn, ids, now=now)
        usual = await manners(conn, Quiet.of(here.settings.quiet_hours))
        await reads.note(conn, caller, kind=READ, of_ids=[person_id], why=WHY, now=now)
    in_order = sorted(found, key=lambda one: (max(one.due_at, now), one.kind))[:limit]
    return ComingLetters(items=_forecast(in_order, who, usual, now))


def _forecast(
    coming: Sequence[_Coming], who: Recipient, usual: tuple[Caps, Quiet | None], now: datetime
) -> list[ComingLetter]:
    """One after the other: what goes counts for those that come later."""
    caps, quiet = usual
    sent = list(who.sent)
    items = []
    for one in coming:
        at = max(one.due_at, now)
        if one.list:
            at = goes_at(one.list, one.kind, sent, due_at=at, quiet=quiet, caps=caps)
        elif one.waits_for_morning and quiet:
            morning = quiet.over_at(at)
            at = at if one.expires_at and one.expires_at <= morning else morning
        kept_back = _kept_back(one, who, at)
        if one.list and kept_back is None:
            sent.append((one.list, at))
        items.append(
            ComingLetter(
                kind=one.kind,
                reason=one.reason,
                list=one.list,
                due_at=one.due_at,
                goes_at=at,
                subject=one.subject,
                kept_back=kept_back,
            )
        )
    return items


def _kept_back(one: _Coming, who: Recipient, at: datetime) -> str | None:
    if one.subject is None:
        return "nothing_to_say"
    if obstacle := who.obstacle(one.list):
        return obstacle
    return "too_late" if one.expires_at and one.expires_at <= at else None


async def _planned(conn: Conn, ids: Sequence[UUID], limit: int) -> list[_Coming]:
    return [await _as_written_now(conn, one) for one in await due.due_for(conn, ids, limit=limit)]


async def _as_written_now(conn: Conn, planned: due.Due) -> _Coming:
    try:
        letter = await WRITERS[planned.kind](conn, planned)
    except UnknownReferenceError:
        letter = None
    if letter is None:
        return _Coming(kind=planned.kind, reason=planned.reason, due_at=planned.due_at)
    return _Coming(
        kind=planned.kind,
        reason=planned.reason,
        due_at=planned.due_at,
        subject=_called(planned.kind, letter.content),
        list=letter.list,
        expires_at=letter.expires_at,
        waits_for_morning=letter.waits_for_morning,
    )


def _called(kind: str, content: Content) -> str:
    return SHOWN_AS.get(kind, content.subject)


async def _posted(conn: Conn, ids: Sequence[UUID], limit: int) -> list[_Coming]:
    rows = await conn.fetch(
        """
        SELECT kind, content, list, expires_at, next_at
          FROM letter
         WHERE person_id = ANY ($1::uuid[]) AND state IN ('queued', 'deferred', 'by_hand')
           AND content <> '' AND kind <> ALL ($3::text[])
         ORDER BY next_at, letter_id
         LIMIT $2
        """,
        ids,
        limit,
        list(PRIVATE),
    )
    return [
        _Coming(
            kind=row["kind"],
            reason="posted",
            due_at=row["next_at"],
            subject=_called(row["kind"], Content.model_validate_json(row["content"])),
            list=MailingList(row["list"]) if row["list"] else None,
            expires_at=row["expires_at"],
        )
        for row in rows
    ]
