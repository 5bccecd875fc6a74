"""What an ambassador is asked to do for an expert: a briefing before an event, a debrief after.

The letter says neither who the expert is nor what is to be said: that is on the ambassador's list.
"""

from datetime import datetime
from uuid import UUID

from pdu_notifications import due, pages
from pdu_notifications.due import Due, Planned
from pdu_notifications.learning_event import Programme, Session, programme_of, sessions_known
from pdu_notifications.letter import Letter
from pdu_notifications.rules.cadence import days_after
from pdu_notifications.rules.local_time import days_before
from pdu_notifications.support import keep_support, supported_at
from pdu_notifications.wording import Content, Section
from pdu_shared.contracts.bookings.lived_experience import (
    ExpertBriefed,
    ExpertContributed,
    ExpertDebriefed,
    ExpertSupported,
    ExpertWithdrew,
)
from pdu_shared.contracts.bookings.programme import SessionMovedOnline, SessionRescheduled
from pdu_shared.database import Conn
from pdu_shared.listening import UnknownReferenceError
from pdu_shared.local_time import local_day

BRIEFING, DEBRIEF = "ambassador_briefing", "ambassador_debrief"
KINDS = (BRIEFING, DEBRIEF)
BRIEFING_BEFORE = 14


async def plan_briefing(conn: Conn, message: ExpertSupported) -> None:
    """Plan the briefing of an expert, for whoever supports them now."""
    [first, *_] = await _sessions(conn, message.learning_event_id)
    if await keep_support(conn, message):
        await _plan(conn, BRIEFING, message, message.ambassador_id, _briefing_at(first))
    else:
        await _hand_over(conn, message)


async def strike_task(
    conn: Conn, message: ExpertBriefed | ExpertWithdrew | ExpertDebriefed
) -> None:
    """Ask for nothing that has been done, or that nobody needs."""
    await due.withdraw(conn, message.engagement_id)


async def plan_debrief(conn: Conn, message: ExpertContributed) -> None:
    """Plan the debrief for the day after."""
    await due.withdraw(conn, message.engagement_id)
    *_, last = await _sessions(conn, message.learning_event_id)
    _, ambassador_id = await supported_at(conn, message.engagement_id)
    due_at = days_after(local_day(last.ends_at), 1)
    await _plan(conn, DEBRIEF, message, ambassador_id, due_at)


async def move_briefings(conn: Conn, message: SessionRescheduled | SessionMovedOnline) -> None:
    """Ask for briefings in time for the new date."""
    [first, *_] = await _sessions(conn, message.learning_event_id)
    await conn.execute(
        """
        UPDATE due SET due_at = $2
          FROM support
         WHERE engagement_id = related_id AND learning_event_id = $1 AND kind = $3
        """,
        message.learning_event_id,
        _briefing_at(first),
        BRIEFING,
    )


async def ask(conn: Conn, planned: Due) -> Letter | None:
    """What there is to do, as it stands when the day has come."""
    learning_event_id, _ = await supported_at(conn, planned.related_id)
    sessions = await _sessions(conn, learning_event_id)
    ids = [session.session_id for session in sessions]
    return compose(planned, await programme_of(conn, learning_event_id, ids))


LISTENERS = (plan_briefing, strike_task, plan_debrief, move_briefings)
WHEN_DUE = {BRIEFING: ask, DEBRIEF: ask}


def compose(planned: Due, programme: Programme) -> Letter:
    """What we write to an ambassador."""
    before = planned.kind == BRIEFING
    task = "Please prepare" if before else "Please ask how it was"
    return Letter(
        kind=planned.kind,
        person_id=planned.person_id,
        related_id=planned.related_id,
        offset=planned.offset,
        expires_at=max(one.ends_at for one in programme.sessions) if before else None,
        waits_for_morning=True,
        repeatable=True,
        content=Content(
            subject=f"{task}: {programme.title}",
            sections=(
                Section(
                    sentences=_before(programme) if before else _after(programme),
                    pages=(("Your tasks, with whom each is for", pages.TASKS),),
                ),
                Section(
                    heading="The event",
                    facts=tuple(fact for one in programme.sessions for fact in one.facts),
                ),
            ),
        ),
    )


def _before(programme: Programme) -> tuple[str, ...]:
    return (
        f"Somebody whom you support takes part in {programme.title}.",
        f"It is provided by {programme.provider}.",
        (
            "Please go through it with them: what it is about, who will be there, their role, and "
            "what they want to share and what not. Write down that you did."
        ),
        "They can do less, or nothing after all; nobody asks why.",
    )


def _after(programme: Programme) -> tuple[str, ...]:
    return (
        f"Somebody whom you support took part in {programme.title}.",
        f"It was provided by {programme.provider}.",
        (
            "Please ask how it was for them, in the way that you agreed, and write down that you "
            "did. "
            "What they say stays between you, unless they want something to be done."
        ),
    )


def _briefing_at(first: Session) -> datetime:
    return days_before(first.starts_at, days=BRIEFING_BEFORE, zone=first.tz)


async def _plan(
    conn: Conn,
    kind: str,
    message: ExpertSupported | ExpertContributed,
    ambassador_id: UUID,
    due_at: datetime,
) -> None:
    reasons = {
        BRIEFING: f"{BRIEFING_BEFORE} days before an expert takes part",
        DEBRIEF: "1 day after an expert took part",
    }
    planned = Planned(
        kind=kind,
        person_id=ambassador_id,
        related_id=message.engagement_id,
        due_at=due_at,
        reason=reasons[kind],
        offset="0",
    )
    await due.plan(conn, planned)


async def _sessions(conn: Conn, learning_event_id: UUID) -> list[Session]:
    sessions = await sessions_known(conn, learning_event_id)
    if not sessions:
        raise UnknownReferenceError(str(learning_event_id))
    return sessions


async def _hand_over(conn: Conn, message: ExpertSupported) -> None:
    await conn.execute(
        "UPDATE due SET person_id = $2 WHERE related_id = $1",
        message.engagement_id,
        message.ambassador_id,
    )
