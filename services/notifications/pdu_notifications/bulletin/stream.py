"""What a bulletin can tell of: what others told, kept until an issue wants it."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from pdu_notifications.rules.bulletin import Section
from pdu_shared.contracts.bookings.community import CopCreated, CopStateChanged
from pdu_shared.contracts.bookings.programme import (
    EventCancelled,
    EventPostponed,
    EventPublished,
    EventUpdated,
    SessionMovedOnline,
    SessionRescheduled,
    SessionScheduled,
)
from pdu_shared.contracts.resources.change import SaidState
from pdu_shared.contracts.resources.impact import ImpactPublished, ImpactWithdrawn
from pdu_shared.contracts.resources.learning import ModulePublished, ModuleRetired
from pdu_shared.contracts.resources.library import (
    RecordingPublished,
    RecordingWithdrawn,
    ResourceArchived,
    ResourcePublished,
)
from pdu_shared.contracts.resources.voice import (
    CaseStudyPublished,
    CaseStudyWithdrawn,
    WeDidReported,
)
from pdu_shared.contracts.vocabulary import CommunityState
from pdu_shared.database import Conn

ANSWERED = frozenset({SaidState.DONE, SaidState.NOT_DONE_WITH_REASON, SaidState.FED_BACK})
MEETING = frozenset({CommunityState.ACTIVE, CommunityState.WORKING_GROUP})


async def follow_event(
    conn: Conn, message: EventPublished | EventUpdated | EventCancelled | EventPostponed
) -> None:
    """Keep what a learning event is called and for whom, or that it was called off."""
    if isinstance(message, EventCancelled | EventPostponed):
        await conn.execute(
            "UPDATE bulletin_event SET called_off = true WHERE learning_event_id = $1",
            message.learning_event_id,
        )
        return
    await conn.execute(
        """
        INSERT INTO bulletin_event (learning_event_id, title, kind, access_tier, workstreams)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (learning_event_id) DO UPDATE
           SET title = excluded.title, kind = excluded.kind, access_tier = excluded.access_tier,
               workstreams = excluded.workstreams
        """,
        message.learning_event_id,
        message.title,
        message.kind,
        message.access_tier,
        list(message.workstreams),
    )


async def follow_session(
    conn: Conn, message: SessionScheduled | SessionRescheduled | SessionMovedOnline
) -> None:
    """Keep when and where a session is. With a new date a postponed event takes place again."""
    await conn.execute(
        """
        INSERT INTO bulletin_session (session_id, learning_event_id, starts_at, ends_at, tz, mode,
                                      place, out_of_hours)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (session_id) DO UPDATE
           SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, tz = excluded.tz,
               mode = excluded.mode, place = excluded.place, out_of_hours = excluded.out_of_hours
        """,
        message.session_id,
        message.learning_event_id,
        message.starts_at,
        message.ends_at,
        message.tz,
        message.mode,
        message.place,
        bool(message.out_of_hours),
    )
    if isinstance(message, SessionRescheduled):
        await conn.execute(
            "UPDATE bulletin_event SET called_off = false WHERE learning_event_id = $1",
            message.learning_event_id,
        )


async def follow_community(conn: Conn, message: CopCreated | CopStateChanged) -> None:
    """Keep that a Community of Practice meets, from when it does."""
    if isinstance(message, CopCreated):
        path = f"communities/{message.key}"
        streams = [message.workstream]
        await _keep(conn, message.community_id, Section.COMMUNITIES, "community", message.title,
                    path=path, workstreams=streams)  # fmt: skip
        return
    await conn.execute(
        """
        UPDATE bulletin_news
           SET told_at = CASE WHEN $2 THEN coalesce(told_at, now()) END
         WHERE news_id = $1
        """,
        message.community_id,
        message.state in MEETING,
    )


async def follow_item(
    conn: Conn,
    message: ResourcePublished | ResourceArchived | RecordingPublished | RecordingWithdrawn,
) -> None:
    """Keep that there is something new in the library, until it is gone again."""
    match message:
        case ResourcePublished():
            await _keep(conn, message.item_id, Section.HUB, message.type, message.title,
                        path=f"library/{message.item_key}", workstreams=list(message.workstreams),
                        told_at=_noon(message.published_on))  # fmt: skip
        case RecordingPublished():
            await _keep(conn, message.item_id, Section.HUB, "recording", message.title,
                        path=f"library/{message.item_key}", told_at=datetime.now(UTC),
                        learning_event_id=message.learning_event_id)  # fmt: skip
        case ResourceArchived() | RecordingWithdrawn():
            await _drop(conn, message.item_id)


async def follow_module(conn: Conn, message: ModulePublished | ModuleRetired) -> None:
    """Keep that there is something new to learn. A later version of it is no news."""
    if isinstance(message, ModuleRetired):
        await _drop(conn, message.module_id)
    elif message.version == 1:
        await _keep(conn, message.module_id, Section.HUB, "module", message.title,
                    path=f"learn/{message.module_key}",
                    told_at=_noon(message.published_on))  # fmt: skip


async def follow_answer(conn: Conn, message: WeDidReported) -> None:
    """Keep what became of what people said, once there is an answer."""
    if message.state in ANSWERED:
        streams = [message.workstream] if message.workstream else []
        await _keep(conn, message.item_id, Section.CHANGE, message.state, "", path="you-said",
                    workstreams=streams, learning_event_id=message.learning_event_id,
                    told_at=_noon(message.changed_on))  # fmt: skip
    else:
        await _drop(conn, message.item_id)


async def follow_impact(conn: Conn, message: ImpactPublished | ImpactWithdrawn) -> None:
    """Keep that a change may be told of."""
    if isinstance(message, ImpactWithdrawn):
        await _drop(conn, message.impact_id)
        return
    event = message.learning_event_ids[0] if message.learning_event_ids else None
    await _keep(conn, message.impact_id, Section.CHANGE, f"change_{message.level}", "",
                path="impact/changes", workstreams=list(message.workstreams),
                learning_event_id=event, told_at=datetime.now(UTC))  # fmt: skip


async def follow_case_study(conn: Conn, message: CaseStudyPublished | CaseStudyWithdrawn) -> None:
    """Keep a story of change, until it is withdrawn."""
    if isinstance(message, CaseStudyWithdrawn):
        await _drop(conn, message.case_study_id)
        return
    await _keep(conn, message.case_study_id, Section.CHANGE, "case_study", message.title,
                path="impact/changes", workstreams=list(message.workstreams),
                told_at=_noon(message.published_on))  # fmt: skip


LISTENERS = (
    follow_event,
    follow_session,
    follow_community,
    follow_item,
    follow_module,
    follow_answer,
    follow_impact,
    follow_case_study,
)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


async def _keep(  # noqa: PLR0913 - the columns
    conn: Conn,
    news_id: UUID,
    section: Section,
    kind: str,
    title: str,
    *,
    path: str,
    workstreams: list[str] | None = None,
    learning_event_id: UUID | None = None,
    told_at: datetime | None = None,
) -> None:
    """Keep a piece of news. When it was first told stays."""
    await conn.execute(
        """
        INSERT INTO bulletin_news AS kept (news_id, section, kind, title, path, workstreams,
                                           learning_event_id, told_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (news_id) DO UPDATE
           SET kind = excluded.kind, title = excluded.title, path = excluded.path,
               workstreams = CASE WHEN excluded.workstreams = '{}' THEN kept.workstreams
                                  ELSE excluded.workstreams END,
               learning_event_id = coalesce(excluded.learning_event_id, kept.learning_event_id),
               told_at = coalesce(kept.told_at, excluded.told_at)
        """,
        news_id,
        section,
        kind,
        title,
        path,
        workstreams or [],
        learning_event_id,
        told_at,
    )


async def _drop(conn: Conn, news_id: UUID) -> None:
    await conn.execute("DELETE FROM bulletin_news WHERE news_id = $1", news_id)
