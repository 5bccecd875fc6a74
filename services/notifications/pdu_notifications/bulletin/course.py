"""How an issue begins to be sent when its time comes, and how it ends."""

import json
from datetime import datetime

import structlog

from pdu_notifications.bulletin import recipients
from pdu_notifications.bulletin.issue import Entry, Issue, entries_as_json, issue
from pdu_notifications.rules.bulletin import Standing, lacks_second_person
from pdu_shared import outbox
from pdu_shared.contracts.notifications import BulletinIssued
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.local_time import local_day

log = structlog.get_logger()

TOO_MANY_SINCE = "It goes to more people by now: somebody who did not write it has to approve it."


async def begin_next(database: Database, *, now: datetime) -> bool:
    """Begin with an issue whose time has come: its recipients are who they are now.

    False when there is none.
    """
    async with transaction(database) as conn:
        issue_key = await conn.fetchval(
            """
            SELECT issue_key FROM bulletin_issue
             WHERE state = 'scheduled' AND scheduled_for <= $1
             ORDER BY scheduled_for
             LIMIT 1
               FOR UPDATE SKIP LOCKED
            """,
            now,
        )
        if issue_key is None:
            return False
        await _begin(conn, await issue(conn, issue_key), now)
    return True


async def at_work(database: Database, *, now: datetime) -> Issue | None:
    """An issue of which copies are to be sent now."""
    async with database.pool.acquire(timeout=5) as conn:
        issue_key = await conn.fetchval(
            """
            SELECT issue_key FROM bulletin_issue AS issue
             WHERE state = 'sending'
               AND EXISTS (SELECT FROM bulletin_copy AS copy
                            WHERE copy.issue_id = issue.issue_id
                              AND copy.state IN ('queued', 'deferred') AND copy.next_at <= $1)
             ORDER BY began_at
             LIMIT 1
            """,
            now,
        )
        return await issue(conn, issue_key) if issue_key else None


async def finish_next(database: Database, *, now: datetime) -> bool:
    """Say that an issue is sent of which no copy is on its way any more; False when there is none.

    Copies that are in doubt are waited for.
    """
    async with transaction(database) as conn:
        row = await conn.fetchrow(
            """
            SELECT issue_id, issue_key FROM bulletin_issue AS issue
             WHERE state = 'sending'
               AND NOT EXISTS (SELECT FROM bulletin_copy AS copy
                                WHERE copy.issue_id = issue.issue_id
                                  AND copy.state IN ('queued', 'deferred'))
               AND NOT EXISTS (SELECT FROM bulletin_copy AS copy
                                WHERE copy.issue_id = issue.issue_id AND copy.state = 'in_doubt')
             LIMIT 1
               FOR UPDATE SKIP LOCKED
            """
        )
        if row is None:
            return False
        issue_id, issue_key = row["issue_id"], row["issue_key"]
        copies = await recipients.copies(conn, issue_id)
        one = await issue(conn, issue_key)
        await conn.execute(
            """
            UPDATE bulletin_issue
               SET state = 'sent', sent_at = $2, counts = $3, version = version + 1, changed_at = $2
             WHERE issue_id = $1
            """,
            issue_id,
            now,
            json.dumps(copies),
        )
        await outbox.add(conn, _issued(one, copies))
    log.info("issue sent", issue_key=issue_key, **copies)
    return True


async def _begin(conn: Conn, one: Issue, now: datetime) -> None:
    many = await recipients.fix(conn, one.issue_id, one.audience, now)
    standing = Standing(state=one.state, written_by=one.written_by, recipients=many, faults=0)
    if lacks_second_person(standing, approved_by=one.approved_by):
        await conn.execute("DELETE FROM bulletin_copy WHERE issue_id = $1", one.issue_id)
        await conn.execute(
            """
            UPDATE bulletin_issue
               SET state = 'in_review', note = $2, approved_by = NULL, scheduled_for = NULL,
                   version = version + 1, changed_at = $3
             WHERE issue_id = $1
            """,
            one.issue_id,
            TOO_MANY_SINCE,
            now,
        )
        log.warning("issue needs a second person", issue_key=one.issue_key, recipients=many)
        return
    await conn.execute(
        """
        UPDATE bulletin_issue
           SET state = 'sending', began_at = $2, entries = $3, version = version + 1,
               changed_at = $2
         WHERE issue_id = $1
        """,
        one.issue_id,
        now,
        entries_as_json(await _still_true(conn, one.entries)),
    )
    log.info("issue begins", issue_key=one.issue_key, recipients=many)


async def _still_true(conn: Conn, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Without what was called off, archived or withdrawn since it was collected."""
    rows = await conn.fetch(
        """
        SELECT learning_event_id AS source_id FROM bulletin_event
         WHERE learning_event_id = ANY ($1::uuid[]) AND NOT called_off
         UNION ALL
        SELECT news_id FROM bulletin_news WHERE news_id = ANY ($1::uuid[])
        """,
        [entry.source_id for entry in entries],
    )
    there = {row["source_id"] for row in rows}
    return tuple(entry for entry in entries if entry.source_id in there)


def _issued(one: Issue, copies: dict[str, int]) -> BulletinIssued:
    sections = {str(entry.section) for entry in one.told} | {
        name for name, text in one.texts if text
    }
    assert one.began_at is not None, "it is being sent"
    return BulletinIssued(
        issue_id=one.issue_id,
        issue_key=one.issue_key,
        list=one.list,
        topics=one.topics,
        sections=tuple(sorted(sections)),
        entries=len(one.told),
        recipients=sum(copies.values()),
        sent=copies.get("sent", 0),
        issued_on=local_day(one.began_at),
    )
