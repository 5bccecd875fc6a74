"""Learning events as rows, and as the facts that are told of them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from pdu_bookings.rules.description import Announced
from pdu_bookings.rules.programme import State
from pdu_shared.contracts.bookings.programme import EventDrafted, EventPublished
from pdu_shared.database import Conn

ANNOUNCED = TypeAdapter(list[Announced])
"""Learning events as JSON."""


def event_told(event: Announced) -> dict[str, Any]:
    """What is told of a learning event."""
    return {
        **asdict(event),
        "template_id": event.template_id or event.learning_event_id,
        "lived_experience_planned": event.lived_experience_planned,
    }


def event_drafted(event: Announced) -> EventDrafted:
    """The fact that a learning event is being planned."""
    return EventDrafted.model_validate(event_told(event))


def event_published(event: Announced) -> EventPublished:
    """The fact that a learning event can be booked."""
    return EventPublished.model_validate(event_told(event))


async def lock_learning_events(conn: Conn, ids: Sequence[UUID]) -> dict[UUID, Announced]:
    """What is written down of learning events, locked in the order of their ids."""
    rows = await conn.fetch(
        """
        SELECT learning_event_id, title, kind, event_type, purpose, outcomes, level, audience,
               composition, workstreams, aims, topics, topic_source, series, series_order,
               programme, co_delivery, ask, content_note, support_name, support_reach, access_tier,
               opens_wider_at, without_lived_experience_because, cpd_hours, refresher_after_months,
               template_id, follow_up_of, follow_up_first_until, members_only, state
          FROM learning_event
         WHERE learning_event_id = ANY ($1::uuid[])
         ORDER BY learning_event_id
           FOR NO KEY UPDATE
        """,
        ids,
    )
    found = ANNOUNCED.validate_python([dict(row) for row in rows])
    return {event.learning_event_id: event for event in found}


async def insert_learning_events(conn: Conn, events: Sequence[Announced], now: datetime) -> None:
    """Write new learning events down."""
    await conn.execute(
        """
        INSERT INTO learning_event (
               learning_event_id, title, kind, event_type, purpose, outcomes, level, audience,
               composition, workstreams, aims, topics, topic_source, series, series_order,
               programme, co_delivery, ask, content_note, support_name, support_reach, access_tier,
               opens_wider_at, without_lived_experience_because, cpd_hours, refresher_after_months,
               template_id, follow_up_of, follow_up_first_until, members_only, community_id, state,
               announced_at, published_at)
        SELECT learning_event_id, title, kind, event_type, purpose, outcomes, level, audience,
               composition, workstreams, aims, topics, topic_source, series, series_order,
               programme, co_delivery, ask, content_note, support_name, support_reach, access_tier,
               opens_wider_at, without_lived_experience_because, cpd_hours, refresher_after_months,
               template_id, follow_up_of, follow_up_first_until, members_only,
               CASE WHEN members_only THEN
                    (SELECT community_id FROM community WHERE key = series) END,
               state, $1::timestamptz,
               CASE WHEN state <> 'draft' THEN $1::timestamptz END
          FROM jsonb_to_recordset($2::text::jsonb)
               AS told (learning_event_id uuid, title text, kind text, event_type text,
                        purpose text, outcomes text[], level text, audience text[],
                        composition text, workstreams text[], aims text[], topics text[],
                        topic_source text, series text, series_order int, programme text,
                        co_delivery text[], ask text, content_note text, support_name text,
                        support_reach text, access_tier text, opens_wider_at timestamptz,
                        without_lived_experience_because text, cpd_hours double precision,
                        refresher_after_months int, template_id uuid, follow_up_of uuid,
                        follow_up_first_until timestamptz, members_only boolean, state text)
        """,
        now,
        ANNOUNCED.dump_json(list(events)).decode(),
    )


async def update_learning_event(conn: Conn, event: Announced) -> None:
    """Write a learning event down as it is described now."""
    await conn.execute(
        """
        UPDATE learning_event AS kept
           SET title = told.title, kind = told.kind, event_type = told.event_type,
               purpose = told.purpose, outcomes = told.outcomes, level = told.level,
               audience = told.audience, composition = told.composition,
               workstreams = told.workstreams, aims = told.aims, topics = told.topics,
               topic_source = told.topic_source, series = told.series,
               series_order = told.series_order, programme = told.programme,
               co_delivery = told.co_delivery, ask = told.ask, content_note = told.content_note,
               support_name = told.support_name, support_reach = told.support_reach,
               access_tier = told.access_tier, opens_wider_at = told.opens_wider_at,
               without_lived_experience_because = told.without_lived_experience_because,
               cpd_hours = told.cpd_hours, refresher_after_months = told.refresher_after_months,
               follow_up_of = told.follow_up_of,
               follow_up_first_until = told.follow_up_first_until,
               version = kept.version + 1
          FROM jsonb_to_recordset($1::text::jsonb)
               AS told (learning_event_id uuid, title text, kind text, event_type text,
                        purpose text, outcomes text[], level text, audience text[],
                        composition text, workstreams text[], aims text[], topics text[],
                        topic_source text, series text, series_order int, programme text,
                        co_delivery text[], ask text, content_note text, support_name text,
                        support_reach text, access_tier text, opens_wider_at timestamptz,
                        without_lived_experience_because text, cpd_hours double precision,
                        refresher_after_months int, follow_up_of uuid,
                        follow_up_first_until timestamptz)
         WHERE kept.learning_event_id = told.learning_event_id
        """,
        ANNOUNCED.dump_json([event]).decode(),
    )


async def mark(
    conn: Conn,
    learning_event_id: UUID,
    state: State,
    *,
    reason_code: str | None = None,
    published_at: datetime | None = None,
) -> None:
    """Write down what was decided about a learning event, and since when everybody sees it."""
    await conn.execute(
        """
        UPDATE learning_event
           SET state = $2, reason_code = $3, published_at = coalesce(published_at, $4),
               review_asked_at = NULL, review_asked_by = NULL, version = version + 1
         WHERE learning_event_id = $1
        """,
        learning_event_id,
        state,
        reason_code,
        published_at,
    )
