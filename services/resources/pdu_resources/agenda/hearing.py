"""Learning events, their sessions, who speaks and what is asked for, as bookings tells them."""

from pdu_shared.contracts.bookings.programme import (
    EventCancelled,
    EventPostponed,
    EventPublished,
    EventUpdated,
    SessionMovedOnline,
    SessionRescheduled,
    SessionScheduled,
)
from pdu_shared.contracts.bookings.topic import TopicBacked, TopicDecided, TopicSuggested
from pdu_shared.contracts.bookings.topic_words import TopicState
from pdu_shared.database import Conn
from pdu_shared.listening import AlsoOfThePast
from pdu_shared.local_time import local_day
from pdu_shared.runtime import utc_now

UNDECIDED = frozenset({TopicState.RECEIVED, TopicState.BACKED})


async def learn_event(
    conn: Conn,
    message: AlsoOfThePast[EventPublished | EventUpdated | EventPostponed | EventCancelled],
) -> None:
    """Keep what a learning event is, or that it does not take place; those of the past, too."""
    match message:
        case EventPublished() | EventUpdated():
            await _keep_event(conn, message)
        case EventPostponed():
            await _say(conn, message.learning_event_id, "postponed")
        case EventCancelled():
            await _say(conn, message.learning_event_id, "cancelled")


async def learn_session(
    conn: Conn, message: AlsoOfThePast[SessionScheduled | SessionRescheduled | SessionMovedOnline]
) -> None:
    """Keep when and where a session is. A new date of what was postponed means: it takes place."""
    await conn.execute(
        """
        INSERT INTO hub_session (session_id, learning_event_id, starts_at, ends_at, mode, place,
                                 out_of_hours)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (session_id) DO UPDATE
           SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, mode = excluded.mode,
               place = excluded.place, out_of_hours = excluded.out_of_hours
        """,
        message.session_id,
        message.learning_event_id,
        message.starts_at,
        message.ends_at,
        message.mode,
        message.place,
        message.out_of_hours,
    )
    if isinstance(message, SessionRescheduled):
        await conn.execute(
            """
            UPDATE hub_event SET state = 'published'
             WHERE learning_event_id = $1 AND state = 'postponed'
            """,
            message.learning_event_id,
        )


async def learn_topic(conn: Conn, message: TopicSuggested | TopicBacked | TopicDecided) -> None:
    """Keep that something is asked for, how many stand behind it, and that it was dealt with."""
    backers = message.backers if isinstance(message, TopicBacked) else 0
    decided = isinstance(message, TopicDecided) and message.decision not in UNDECIDED
    await conn.execute(
        """
        INSERT INTO hub_topic AS kept (topic_id, workstream, backers, decided, asked_on)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (topic_id) DO UPDATE
           SET workstream = coalesce(excluded.workstream, kept.workstream),
               backers = greatest(excluded.backers, kept.backers), decided = excluded.decided
        """,
        message.topic_id,
        None if isinstance(message, TopicDecided) else message.workstream,
        backers,
        decided,
        local_day(await utc_now()),
    )


async def _keep_event(conn: Conn, event: EventPublished | EventUpdated) -> None:
    await conn.execute(
        """
        INSERT INTO hub_event (learning_event_id, kind, title, purpose, event_type, level,
                               workstreams, access_tier)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (learning_event_id) DO UPDATE
           SET kind = excluded.kind, title = excluded.title, purpose = excluded.purpose,
               event_type = excluded.event_type, level = excluded.level,
               workstreams = excluded.workstreams, access_tier = excluded.access_tier
        """,
        event.learning_event_id,
        event.kind,
        event.title,
        event.purpose,
        event.event_type,
        event.level,
        event.workstreams,
        event.access_tier,
    )


async def _say(conn: Conn, learning_event_id: object, state: str) -> None:
    await conn.execute(
        "UPDATE hub_event SET state = $2 WHERE learning_event_id = $1", learning_event_id, state
    )
