"""A session moves: to another time, another place, or online. Everybody who comes is told."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field, StrictBool

from pdu_bookings.programme.change import Before, By, keep
from pdu_bookings.programme.description import Link
from pdu_bookings.programme.editing import differs, lock_for_change
from pdu_bookings.programme.learning_event import described
from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_event
from pdu_bookings.programme.second_person import back_to_draft
from pdu_bookings.programme.session_rows import (
    Meeting,
    lock_sessions,
    session_moved,
    update_session,
)
from pdu_bookings.programme.venue import check_venues
from pdu_bookings.rules.programme import State
from pdu_shared import outbox
from pdu_shared.contracts.vocabulary import DeliveryMode
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, LocalMoment, PublishedLine
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["learning events"])

KNOWN_TO_ALL = frozenset({"starts_at", "ends_at", "mode", "place"})
"""What people have to be told of when it changes."""

CAN_BE_NOTHING = frozenset({"title", "venue_id", "joining_link"})


class MoveSession(Form):
    """What is to be different about a session; the rest stays. Times are local."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"starts_at": "2027-01-21T13:00", "ends_at": "2027-01-21T16:00"},
                {"mode": "online", "place": "Online", "joining_link": "https://meet.example.org/j"},
            ]
        }
    )

    title: PublishedLine | None = None
    starts_at: LocalMoment | None = None
    ends_at: LocalMoment | None = None
    mode: DeliveryMode | None = None
    place: PublishedLine | None = None
    venue_id: UUID | None = None
    joining_link: Annotated[
        Link | None, Field(description="Never published; given to those who hold a place")
    ] = None
    recording: StrictBool | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What is to be different: only some of it can be nothing."""
        return {
            name: value
            for name in self.model_fields_set
            if (value := getattr(self, name)) is not None or name in CAN_BE_NOTHING
        }


@router.patch("/sessions/{session_id}")
async def move(session_id: UUID, form: MoveSession, database: Store, by: By) -> LearningEvent:
    """Change when, where or how people meet. Doing it twice is doing it once.

    409 once the session has begun or its event is cancelled. Its number of places is changed
    elsewhere.
    """
    async with transaction(database) as conn:
        event = await lock_for_change(conn, await _event_of(conn, session_id))
        sessions = await lock_sessions(conn, event.learning_event_id)
        before = next(one for one in sessions if one.session_id == session_id)
        after = _moved(before, form, by.now)
        changed = {name for name in form.said if differs(before, after, name)}
        if changed:
            await check_venues(conn, [("/venue_id", after.venue_id)])
            if known := changed & KNOWN_TO_ALL:
                after = replace(after, ical_sequence=before.ical_sequence + 1)
            await update_session(conn, after)
            await back_to_draft(conn, event.learning_event_id)
            kept = Before(
                learning_event_id=event.learning_event_id,
                session_id=session_id,
                change="moved" if known else "described",
                was=described(before, changed),
            )
            await keep(conn, kept, by)
            if known and event.state is not State.DRAFT:
                await outbox.add(conn, session_moved(before, after))
        return await learning_event(conn, event.learning_event_id, now=by.now)


def _moved(before: Meeting, form: MoveSession, now: datetime) -> Meeting:
    if before.starts_at <= now:
        raise Conflict("This session has already started.")
    after = replace(before, **form.said)
    if before.mode != after.mode and DeliveryMode.HYBRID in (before.mode, after.mode):
        raise Conflict("A hybrid session counts its places apart: plan another session instead.")
    if after.mode is DeliveryMode.IN_PERSON:
        after = replace(after, joining_link=None)
    faults = []
    if after.starts_at <= now:
        faults.append(Fault("/starts_at", "past", "That is over already."))
    if after.ends_at <= after.starts_at:
        faults.append(Fault("/ends_at", "order", "A session ends after it starts."))
    if faults:
        raise Refused(errors=faults)
    return after


async def _event_of(conn: Conn, session_id: UUID) -> UUID:
    learning_event_id: UUID | None = await conn.fetchval(
        "SELECT learning_event_id FROM session WHERE session_id = $1", session_id
    )
    if learning_event_id is None:
        raise NotFound
    return learning_event_id
