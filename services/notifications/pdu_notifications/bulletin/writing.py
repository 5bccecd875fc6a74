"""Issues are written: begun, edited by whoever has seen the newest version, looked at."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_notifications.bulletin import recipients
from pdu_notifications.bulletin.collecting import entries_of, last_look
from pdu_notifications.bulletin.hand import By, Hand
from pdu_notifications.bulletin.issue import (
    DescribeIssue,
    Entry,
    Issue,
    IssueKey,
    Texts,
    issue,
    lock_issue,
)
from pdu_notifications.rules.bulletin import (
    SECOND_PERSON_ABOVE,
    WRITABLE,
    IssueState,
)
from pdu_notifications.subscription import topic
from pdu_shared.contracts.vocabulary import MailingList, SubscriptionBasis
from pdu_shared.database import Conn, snapshot, transaction
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Now, Store
from pdu_shared.versions import Version, etag

log = structlog.get_logger()
router = APIRouter(tags=["bulletin"])


class BeginIssue(DescribeIssue):
    """An issue that is begun: under which key, and what is written so far."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "issue_key": "bulletin-2027-01",
                    "title": "The PDU bulletin, January 2027",
                    "texts": {"headline": "A new year, and **three new workshops**."},
                }
            ]
        }
    )

    issue_key: IssueKey


class IssueSeen(BaseModel):
    """An issue as its editors see it."""

    issue_key: str
    list: MailingList
    title: str
    topics: tuple[str, ...]
    sectors: tuple[str, ...]
    work_fields: tuple[str, ...]
    texts: Texts
    left_out: tuple[UUID, ...]
    entries: tuple[Entry, ...] = Field(
        description="From the streams; while it collects they are those of this moment"
    )
    news_since: datetime
    state: IssueState
    note: str | None = Field(description="Why it was sent back")
    recipients: int = Field(description="How many it would go to now, or how many copies there are")
    bases: dict[SubscriptionBasis, int] = Field(
        description="On which basis those are written to whom it would go to now"
    )
    needs_second_person: bool
    copies: dict[str, int] = Field(description="How many copies are in which state")
    scheduled_for: datetime | None
    began_at: datetime | None
    sent_at: datetime | None
    changed_at: datetime
    version: int


class IssueLine(BaseModel):
    """An issue in the list."""

    issue_key: str
    list: MailingList
    title: str
    state: IssueState
    scheduled_for: datetime | None
    sent_at: datetime | None
    changed_at: datetime


class IssuePage(BaseModel):
    """One page of issues. `next` goes into `after` for the following page."""

    items: list[IssueLine]
    next: UUID | None


@router.post("/bulletins", status_code=201, response_model=IssueSeen)
async def begin(form: BeginIssue, database: Store, asked: Asked, by: By) -> Response:
    """Begin an issue. It collects from the streams until somebody says that it is a draft.

    409 when there is an issue with this key.
    """
    return await once(database, asked, partial(_begin, form=form, by=by))


@router.get("/bulletins")
async def issues(
    database: Store,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> IssuePage:
    """All issues, the one begun last first."""
    async with database.pool.acquire(timeout=5) as conn:
        rows = await _page(conn, limit + 1, after)
    return IssuePage(
        items=[IssueLine.model_validate(dict(row)) for row in rows[:limit]],
        next=rows[limit - 1]["issue_id"] if len(rows) > limit else None,
    )


@router.get("/bulletins/{issue_key}")
async def see(issue_key: IssueKey, database: Store, response: Response, now: Now) -> IssueSeen:
    """An issue with what it tells of, and how it is on its way. Whoever edits it sends the ETag."""
    async with snapshot(database) as conn:
        seen = await seen_by_editors(conn, await issue(conn, issue_key), now)
    response.headers["ETag"] = etag(seen.version)
    return seen


@router.put("/bulletins/{issue_key}")
async def write(
    issue_key: IssueKey, form: DescribeIssue, version: Version, database: Store, by: By
) -> IssueSeen:
    """Write an issue: all of it, as it is to be from now on.

    409 once it is in review: send it back to draft first. 412 when somebody else changed it in the
    meantime.
    """
    async with transaction(database) as conn:
        before = await lock_issue(conn, issue_key)
        version.check(before.version)
        if before.state not in WRITABLE:
            raise Conflict(f"It is {before.state}: send it back to draft first.")
        await topic.check(conn, form.topics)
        await _update(conn, before, form, by)
        seen = await seen_by_editors(conn, await issue(conn, issue_key), by.now)
    version.renew(seen.version)
    return seen


async def seen_by_editors(conn: Conn, one: Issue, now: datetime) -> IssueSeen:
    """All that editors see of an issue."""
    copies = one.counts or await recipients.copies(conn, one.issue_id)
    bases = await recipients.count(conn, one.audience)
    many = sum(copies.values()) or sum(bases.values())
    return IssueSeen(
        issue_key=one.issue_key,
        list=one.list,
        title=one.title,
        topics=one.topics,
        sectors=one.sectors,
        work_fields=one.work_fields,
        texts=one.texts,
        left_out=one.left_out,
        entries=await entries_of(conn, one, now),
        news_since=one.news_since,
        state=one.state,
        note=one.note,
        recipients=many,
        bases=bases,
        needs_second_person=many > SECOND_PERSON_ABOVE,
        copies=dict(copies),
        scheduled_for=one.scheduled_for,
        began_at=one.began_at,
        sent_at=one.sent_at,
        changed_at=one.changed_at,
        version=one.version,
    )


async def _begin(conn: Conn, *, form: BeginIssue, by: Hand) -> Answer:
    await topic.check(conn, form.topics)
    made = await conn.fetchval(
        """
        INSERT INTO bulletin_issue (issue_id, issue_key, list, title, topics, sectors, work_fields,
                                    texts, left_out, news_since, written_by, changed_at, state,
                                    version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'collecting', 1)
            ON CONFLICT (issue_key) DO NOTHING
        RETURNING true
        """,
        uuid7(),
        form.issue_key,
        *_columns(form),
        await last_look(conn, form.list, by.now),
        [by.person_id] if by.person_id else [],
        by.now,
    )
    if not made:
        raise Conflict("There is an issue with this key.")
    log.info("issue begun", issue_key=form.issue_key)
    return Answer.of(await seen_by_editors(conn, await issue(conn, form.issue_key), by.now))


def _columns(form: DescribeIssue) -> Sequence[object]:
    texts = form.texts.model_dump_json(exclude_none=True)
    only = (list(form.topics), list(form.sectors), list(form.work_fields))
    return form.list, form.title, *only, texts, list(form.left_out)


async def _update(conn: Conn, before: Issue, form: DescribeIssue, by: Hand) -> None:
    await conn.execute(
        """
        UPDATE bulletin_issue
           SET list = $2, title = $3, topics = $4, sectors = $5, work_fields = $6, texts = $7,
               left_out = $8,
               written_by = CASE WHEN $9::uuid IS NULL OR $9 = ANY (written_by) THEN written_by
                                 ELSE written_by || $9 END,
               version = version + 1, changed_at = $10
         WHERE issue_id = $1
        """,
        before.issue_id,
        *_columns(form),
        by.person_id,
        by.now,
    )


async def _page(conn: Conn, limit: int, after: UUID | None) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT issue_id, issue_key, list, title, state, scheduled_for, sent_at, changed_at
          FROM bulletin_issue
         WHERE $2::uuid IS NULL OR issue_id < $2
         ORDER BY issue_id DESC
         LIMIT $1
        """,
        limit,
        after,
    )
