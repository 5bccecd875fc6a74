"""The programme: learning events as everybody may see them, soonest first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_bookings.programme.finding import Asked, find
from pdu_bookings.rules.charge import WhoPays
from pdu_bookings.rules.programme import (
    Decided,
    DurationClass,
    Sitting,
    Stage,
    State,
    delivered_by,
    duration_class,
    stage,
)
from pdu_shared.access import Role, Who
from pdu_shared.contracts.vocabulary import AccessTier, Composition, DeliveryMode, EventKind, Level
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["learning events"])


class Venue(BaseModel):
    """Where people meet, and how to get there."""

    venue_id: UUID
    name: str
    address: str
    travel: str | None
    access_information: str | None
    city_centre: bool


class Session(BaseModel):
    """A session as everybody may see it."""

    session_id: UUID
    title: str | None
    parallel: str | None
    """Sessions with the same word are at the same time: whoever books chooses one of them."""
    starts_at: datetime
    ends_at: datetime
    mode: DeliveryMode
    place: str
    venue: Venue | None
    capacity: int
    online_capacity: int | None
    places_left: int
    """For everybody; of a hybrid session with places of its own online, those in the room."""
    online_places_left: int | None
    waiting: int
    out_of_hours: bool | None
    recording: bool


class SupportContact(BaseModel):
    """Whom to talk to about what may distress people."""

    name: str
    reach: str


class Price(BaseModel):
    """What a place costs those who pay; `/learning-events/{learning_event_id}/cost` says whom."""

    pence: int
    who_pays: WhoPays
    note: str | None


class LearningEvent(BaseModel):
    """A learning event as everybody may see it."""

    learning_event_id: UUID
    title: str
    kind: EventKind
    event_type: str
    purpose: str | None
    outcomes: list[str]
    level: Level | None
    audience: list[str]
    composition: Composition
    workstreams: list[str]
    aims: list[str]
    topics: list[str]
    topic_source: str | None
    series: str | None
    series_order: int | None
    programme: str | None
    co_delivery: list[str]
    delivered_by: str
    ask: str | None
    content_note: str | None
    support_contact: SupportContact | None
    access_tier: AccessTier
    opens_wider_at: datetime | None
    lived_experience_planned: bool
    cpd_hours: float | None
    refresher_after_months: int | None
    duration_class: DurationClass
    template_id: UUID
    follow_up_of: UUID | None
    state: State
    stage: Stage
    reason_code: str | None
    price: Price | None
    """Null where it costs nobody anything."""
    materials: int
    """How many there are at `/learning-events/{learning_event_id}/materials`."""
    version: int
    sessions: list[Session]


class LearningEvents(BaseModel):
    """One page of learning events. `next` goes into `after` for the following page."""

    items: list[LearningEvent]
    next: UUID | None


@router.get("/learning-events")
async def whats_on(database: Store, now: Now, filters: Asked) -> LearningEvents:
    """The published learning events that are looked for: those to come, soonest first.

    Or, with `when=past`, those that are over, latest first.
    """
    async with database.pool.acquire(timeout=5) as conn:
        ids = await find(conn, filters, now=now, limit=filters.limit + 1)
        items = await learning_events(conn, ids[: filters.limit], now=now)
    more = len(ids) > filters.limit
    return LearningEvents(items=items, next=ids[filters.limit - 1] if more else None)


@router.get("/learning-events/{learning_event_id}")
async def one(
    learning_event_id: UUID, database: Store, caller: Who, now: Now, response: Response
) -> LearningEvent:
    """A learning event that has been published; for a coordinator also a draft.

    Whoever wants to edit it sends its ETag back.
    """
    async with database.pool.acquire(timeout=5) as conn:
        event = await learning_event(conn, learning_event_id, now=now)
    if event.state is State.DRAFT and not caller.has(Role.COORDINATOR):
        raise NotFound
    response.headers["ETag"] = etag(event)
    return event


def etag(event: LearningEvent) -> str:
    """What an edit has to know to overwrite nothing unseen."""
    return f'"{event.version}"'


async def learning_event(conn: Conn, learning_event_id: UUID, *, now: datetime) -> LearningEvent:
    """A learning event, also a draft. Raises NotFound."""
    found = await learning_events(conn, [learning_event_id], now=now)
    if not found:
        raise NotFound
    return found[0]


async def learning_events(conn: Conn, ids: Sequence[UUID], *, now: datetime) -> list[LearningEvent]:
    """Learning events in the order of their ids."""
    events = {row["learning_event_id"]: row for row in await _select_learning_events(conn, ids)}
    sessions: dict[UUID, list[asyncpg.Record]] = {}
    for row in await _select_sessions(conn, ids):
        sessions.setdefault(row["learning_event_id"], []).append(row)
    return [
        _learning_event(events[learning_event_id], sessions[learning_event_id], now)
        for learning_event_id in ids
        if learning_event_id in events
    ]


def _learning_event(
    row: asyncpg.Record, sessions: Sequence[asyncpg.Record], now: datetime
) -> LearningEvent:
    sittings = [
        Sitting(
            starts_at=session["starts_at"],
            ends_at=session["ends_at"],
            full=_places_left(session) == 0 and not session["online_places_left"],
            held=session["held"],
            parallel=session["parallel"],
        )
        for session in sessions
    ]
    return LearningEvent(
        **row,
        support_contact=SupportContact(name=row["support_name"], reach=row["support_reach"])
        if row["support_name"]
        else None,
        delivered_by=delivered_by(row["co_delivery"]),
        price=Price(**row) if row["pence"] else None,
        duration_class=duration_class(sittings),
        stage=stage(_decided(row), sittings, now=now),
        sessions=[_session(session) for session in sessions],
    )


def _decided(row: asyncpg.Record) -> Decided:
    return Decided(State(row["state"]), row["booking_closed_at"], row["in_review"])


def _session(row: asyncpg.Record) -> Session:
    zone = ZoneInfo(row["tz"])
    return Session(
        **{
            **row,
            "starts_at": row["starts_at"].astimezone(zone),
            "ends_at": row["ends_at"].astimezone(zone),
        },
        venue=Venue(**row) if row["venue_id"] else None,
        places_left=_places_left(row),
    )


def _places_left(row: asyncpg.Record) -> int:
    left: int = row["capacity"] - row["taken"]
    return left if row["waiting"] == 0 else 0


async def _select_learning_events(conn: Conn, ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT learning_event_id, title, kind, event_type, purpose, outcomes, level, audience,
               composition, workstreams, aims, topics, topic_source, series, series_order,
               programme, co_delivery, ask, content_note, support_name, support_reach, access_tier,
               opens_wider_at, lived_experience_planned, cpd_hours, refresher_after_months,
               coalesce(template_id, learning_event_id) AS template_id, follow_up_of, state,
               booking_closed_at, reason_code, version, review_asked_at IS NOT NULL AS in_review,
               (SELECT count(*) FROM material
                 WHERE material.learning_event_id = learning_event.learning_event_id) AS materials,
               pence, who_pays, note
          FROM learning_event LEFT JOIN price USING (learning_event_id)
         WHERE learning_event_id = ANY ($1::uuid[])
        """,
        ids,
    )


async def _select_sessions(conn: Conn, ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT session_id, learning_event_id, title, parallel, starts_at, ends_at, tz, mode, place,
               capacity, online_capacity, taken + session.held AS taken, waiting, out_of_hours,
               recording,
               CASE WHEN online_waiting = 0 THEN online_capacity - online_taken
                    ELSE 0 END AS online_places_left,
               held_at IS NOT NULL AS held, venue_id, venue.name, venue.address, venue.travel,
               venue.access_information, venue.city_centre
          FROM session LEFT JOIN venue USING (venue_id)
         WHERE learning_event_id = ANY ($1::uuid[])
         ORDER BY starts_at, session_id
        """,
        ids,
    )
