"""A learning event in the words of schema.org, for the machines that read public pages."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from pdu_bookings.calendar.file import PROVIDER
from pdu_bookings.programme.public import LearningEvent, Session
from pdu_bookings.programme.reading import learning_event
from pdu_bookings.rules.programme import State
from pdu_shared.contracts.vocabulary import DeliveryMode
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["calendars"])

MEDIA_TYPE = "application/ld+json"
SCHEMA = "https://schema.org"
ATTENDANCE = {
    DeliveryMode.IN_PERSON: f"{SCHEMA}/OfflineEventAttendanceMode",
    DeliveryMode.ONLINE: f"{SCHEMA}/OnlineEventAttendanceMode",
    DeliveryMode.HYBRID: f"{SCHEMA}/MixedEventAttendanceMode",
}


@router.get(
    "/learning-events/{learning_event_id}/schema.json",
    response_class=Response,
    responses={
        200: {
            "description": "A schema.org `EducationEvent` as JSON-LD.",
            "content": {MEDIA_TYPE: {"schema": {"type": "object"}}},
        }
    },
)
async def described(learning_event_id: UUID, runtime: Here, now: Now) -> Response:
    """A published learning event as JSON-LD, to stand in the page about it."""
    async with runtime.database.pool.acquire(timeout=5) as conn:
        event = await learning_event(conn, learning_event_id, now=now)
        if event.state is State.DRAFT:
            raise NotFound
        before = await _starts_before(conn, event)
    portal = runtime.settings.portal_url.rstrip("/")
    text = json.dumps(json_ld(event, before=before, portal=portal))
    # It stands within <script> on pages, which a title must not be able to end.
    return Response(text.replace("<", "\\u003c"), media_type=MEDIA_TYPE)


def json_ld(event: LearningEvent, *, before: Sequence[datetime], portal: str) -> dict[str, Any]:
    """The event; `before` are the times at which its first session was to start earlier."""
    page = f"{portal}/events/{event.learning_event_id}"
    first, *_ = event.sessions
    organisers = [{"@type": "Organization", "name": PROVIDER, "url": f"{portal}/"}]
    organisers += [{"@type": "Organization", "name": name} for name in event.co_delivery]
    told: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "EducationEvent",
        "@id": page,
        "url": page,
        "name": event.title,
        "description": event.purpose,
        "inLanguage": "en-GB",
        "eventStatus": f"{SCHEMA}/{_status(event.state, moved=bool(before))}",
        "eventAttendanceMode": _attendance({session.mode for session in event.sessions}),
        "startDate": first.starts_at.isoformat(),
        "endDate": max(session.ends_at for session in event.sessions).isoformat(),
        "location": _location(first, page),
        "organizer": organisers,
        "isAccessibleForFree": event.price is None,
        "offers": {
            "@type": "Offer",
            "price": f"{event.price.pence / 100:.2f}" if event.price else "0",
            "priceCurrency": "GBP",
            "url": page,
            "availability": f"{SCHEMA}/{_availability(event.sessions)}",
        },
        "maximumAttendeeCapacity": min(_capacity(session) for session in event.sessions),
        "keywords": [*event.workstreams, *event.topics],
        "teaches": event.outcomes,
    }
    if before:
        told["previousStartDate"] = [at.isoformat() for at in before]
    if len(event.sessions) > 1:
        told["subEvent"] = [_sub_event(event, session, page) for session in event.sessions]
    return {name: value for name, value in told.items() if value not in (None, [])}


def _status(state: State, *, moved: bool) -> str:
    match state:
        case State.CANCELLED:
            return "EventCancelled"
        case State.POSTPONED:
            return "EventPostponed"
        case _:
            return "EventRescheduled" if moved else "EventScheduled"


def _attendance(modes: set[DeliveryMode]) -> str:
    return ATTENDANCE[modes.pop() if len(modes) == 1 else DeliveryMode.HYBRID]


def _availability(sessions: Sequence[Session]) -> str:
    return "InStock" if all(session.places_left for session in sessions) else "SoldOut"


def _capacity(session: Session) -> int:
    return session.capacity + (session.online_capacity or 0)


def _location(session: Session, page: str) -> dict[str, Any] | list[dict[str, Any]]:
    online = {"@type": "VirtualLocation", "url": page}
    venue = session.venue
    room: dict[str, Any] = {
        "@type": "Place",
        "name": venue.name if venue else session.place,
        "address": venue.address if venue else session.place,
    }
    if venue and venue.access_information:
        room["amenityFeature"] = {
            "@type": "LocationFeatureSpecification",
            "name": "Access",
            "value": venue.access_information,
        }
    match session.mode:
        case DeliveryMode.ONLINE:
            return online
        case DeliveryMode.IN_PERSON:
            return room
        case DeliveryMode.HYBRID:
            return [room, online]


def _sub_event(event: LearningEvent, session: Session, page: str) -> dict[str, Any]:
    return {
        "@type": "EducationEvent",
        "name": session.title or event.title,
        "startDate": session.starts_at.isoformat(),
        "endDate": session.ends_at.isoformat(),
        "location": _location(session, page),
    }


async def _starts_before(conn: Conn, event: LearningEvent) -> list[datetime]:
    rows = await conn.fetch(
        """
        SELECT (was ->> 'starts_at')::timestamptz AS starts_at
          FROM learning_event_change
         WHERE session_id = $1 AND was ? 'starts_at'
         ORDER BY change_id
        """,
        event.sessions[0].session_id,
    )
    zone = event.sessions[0].starts_at.tzinfo
    return [row["starts_at"].astimezone(zone) for row in rows]
