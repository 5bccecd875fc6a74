"""What an issue finds in the streams: learning to come, and news since the issue before."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import asyncpg

from pdu_notifications.bulletin.issue import Entry, Issue
from pdu_notifications.learning_event import HOW_TO_COME
from pdu_notifications.rules.bulletin import IssueState, Section
from pdu_notifications.rules.local_time import when
from pdu_shared.contracts.vocabulary import AccessTier, DeliveryMode, EventKind, MailingList
from pdu_shared.database import Conn

AHEAD = timedelta(weeks=6)
MOST_EVENTS, MOST_NEWS = 30, 30
MOST_DATES = 3
FIRST_LOOK_BACK = timedelta(days=35)
"""How far the first issue of a list looks back."""

OPEN_TO = {
    AccessTier.LOCAL_ONLY: "For people who work here",
    AccessTier.LOCAL_FIRST: "People who work here first",
    AccessTier.OPEN: "Open to everybody",
}
KINDS = {
    "recording": "A recording",
    "module": "E-learning",
    "academic_paper": "An academic paper",
    "toolkit": "A toolkit",
    "report": "A report",
    "best_practice_guide": "A guide to good practice",
    "practice_tool": "A tool for practice",
    "slides": "Slides",
    "multimedia": "To watch or hear",
    "link": "A link",
    "case_study": "A case study",
    "community": "A Community of Practice that meets now",
    "done": "You said, and it is done",
    "not_done_with_reason": "You said, and why it was not done",
    "fed_back": "You said, and what came of it",
    "change_individual": "A change in how somebody works",
    "change_organisation": "A change in an organisation",
    "change_system": "A change in how services work together",
    "change_beneficiary": "A change for people who use services",
}


async def entries_of(conn: Conn, issue: Issue, now: datetime) -> tuple[Entry, ...]:
    """What an issue tells of: while it collects, what there is now; later, what there was."""
    found = issue.entries
    if issue.state is IssueState.COLLECTING:
        found = await collected(conn, issue.topics, since=issue.news_since, now=now)
    return tuple(entry for entry in found if entry.source_id not in issue.left_out)


async def collected(
    conn: Conn, topics: Collection[str], *, since: datetime, now: datetime
) -> tuple[Entry, ...]:
    """What the streams have for an issue about these topics; none are all."""
    events = _by_event(await _coming(conn, topics, now))
    return (*(_event(sessions) for sessions in events), *(await _news(conn, topics, since)))


async def last_look(conn: Conn, one: MailingList, now: datetime) -> datetime:
    """Since when an issue of this list looks for news: since the one before stopped to."""
    before: datetime | None = await conn.fetchval(
        """
        SELECT max(began_at) FROM bulletin_issue WHERE list = $1 AND state <> 'withdrawn'
        """,
        one,
    )
    return before or now - FIRST_LOOK_BACK


def _by_event(rows: Sequence[asyncpg.Record]) -> list[list[asyncpg.Record]]:
    found: dict[object, list[asyncpg.Record]] = {}
    for row in rows:
        found.setdefault(row["learning_event_id"], []).append(row)
    return list(found.values())[:MOST_EVENTS]


def _event(sessions: Sequence[asyncpg.Record]) -> Entry:
    first = sessions[0]
    facts = [
        f"{when(one['starts_at'], one['ends_at'], zone=one['tz'])}, {one['place']}"
        for one in sessions[:MOST_DATES]
    ]
    if more := len(sessions) - MOST_DATES:
        facts += [f"and {more} more date{'s' if more > 1 else ''}"] if more > 0 else []
    labels = [HOW_TO_COME[DeliveryMode(first["mode"])]]
    if any(one["out_of_hours"] for one in sessions):
        labels.append("Outside office hours")
    if first["access_tier"]:
        labels.append(OPEN_TO[AccessTier(first["access_tier"])])
    community = first["kind"] == EventKind.COP_SESSION
    return Entry(
        section=Section.COMMUNITIES if community else Section.UPCOMING,
        source="learning_event",
        source_id=first["learning_event_id"],
        title=first["title"],
        facts=[*facts, ". ".join(labels)],
        path=f"events/{first['learning_event_id']}",
    )


async def _coming(conn: Conn, topics: Collection[str], now: datetime) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT learning_event_id, title, kind, access_tier, starts_at, ends_at, tz, mode, place,
               out_of_hours
          FROM bulletin_session JOIN bulletin_event USING (learning_event_id)
         WHERE starts_at > $1 AND starts_at <= $2 AND NOT called_off
           AND ($3::text[] = '{}' OR workstreams && $3)
         ORDER BY starts_at, session_id
        """,
        now,
        now + AHEAD,
        list(topics),
    )


async def _news(conn: Conn, topics: Collection[str], since: datetime) -> list[Entry]:
    rows = await conn.fetch(
        """
        SELECT news_id, section, news.kind, path, coalesce(nullif(news.title, ''), event.title,
                                                           topic.label, '') AS title
          FROM bulletin_news AS news
          LEFT JOIN bulletin_event AS event USING (learning_event_id)
          LEFT JOIN topic ON topic.code = news.workstreams[1]
         WHERE told_at > $1 AND ($2::text[] = '{}' OR news.workstreams && $2)
         ORDER BY told_at DESC, news_id
         LIMIT $3
        """,
        since,
        list(topics),
        MOST_NEWS,
    )
    return [_piece(row) for row in rows]


def _piece(row: asyncpg.Record) -> Entry:
    kind = KINDS.get(row["kind"], "New")
    return Entry(
        section=Section(row["section"]),
        source=row["kind"],
        source_id=row["news_id"],
        title=row["title"] or kind,
        facts=[kind] if row["title"] else [],
        path=row["path"],
    )
