"""Sessions as records of the past have them: each one a learning event with one session."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from pdu_bookings.attendance.recording import tell_again
from pdu_bookings.attendance.sitting import event_held, mark_held
from pdu_bookings.category import Categories
from pdu_bookings.past import event_rows
from pdu_bookings.past.event_rows import PastEvent
from pdu_bookings.place.offering import offer_what_is_free
from pdu_bookings.programme.rows import event_published, insert_learning_events
from pdu_bookings.programme.session_rows import Meeting, insert_sessions, session_scheduled
from pdu_bookings.rules.description import Announced
from pdu_bookings.rules.programme import State
from pdu_shared import outbox
from pdu_shared.bus import Thread, continuing
from pdu_shared.contracts.bookings.attendance import EventHeldWithdrawn
from pdu_shared.contracts.bookings.programme import EventCancelled
from pdu_shared.contracts.message import Code, Message
from pdu_shared.contracts.vocabulary import DeliveryMode, EventKind, Level
from pdu_shared.database import Conn
from pdu_shared.forms import LocalMoment, OneLine, PublishedLine
from pdu_shared.identity import derived_id, uuid7
from pdu_shared.outbox import Promise
from pdu_shared.problems import Fault, Refused
from pdu_shared.rows import Row
from pdu_shared.runtime import Runtime

# What records of the past do not say.
UNKNOWN = "unknown"
PURPOSE = "Learn from one another."
PLACES = {
    DeliveryMode.IN_PERSON: "As announced",
    DeliveryMode.ONLINE: "Online",
    DeliveryMode.HYBRID: "As announced, and online",
}


class EventRow(Row):
    """One session, which was held, is still to come, or was cancelled."""

    event_key: OneLine
    title: PublishedLine
    kind: EventKind
    series: Code | None = None
    workstream: Code | None = None
    delivery_mode: DeliveryMode
    starts_at: LocalMoment
    ends_at: LocalMoment
    capacity: Annotated[int, Field(ge=1, le=5000)]
    status: Literal["held", "scheduled", "cancelled"]

    @property
    def key(self) -> str:
        """What others call this session."""
        return self.event_key

    @property
    def session_id(self) -> UUID:
        """The session that has this key."""
        return derived_id("session", self.event_key)

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_at <= self.starts_at:
            msg = "A session ends after it starts."
            raise ValueError(msg)
        return self


async def take_events(conn: Conn, rows: Sequence[EventRow], here: Runtime) -> int:
    """Write sessions down as the rows have them, and tell what is new or another.

    Raises Refused for an unknown work stream, for fewer places than are taken at a session still
    to come, and when a session was cancelled at which somebody was.
    """
    now = datetime.now(UTC)
    await here.part(Categories).check(
        [("/workstream", "workstream", row.workstream) for row in rows]
    )
    kept = await event_rows.lock(conn, [row.session_id for row in rows])
    wanted = {row.session_id: _as_written(row, kept.get(row.session_id)) for row in rows}
    new = [one for session_id, one in wanted.items() if session_id not in kept]
    others = [one for session_id, one in wanted.items() if one != kept.get(session_id, one)]

    await insert_learning_events(conn, [one.event for one in new], now)
    await insert_sessions(conn, [one.session for one in new])
    await mark_held(conn, [one.session.session_id for one in new if one.held], now)
    await event_rows.update(conn, others, now=now)

    changed = new + others
    await outbox.add(
        conn,
        *(promise for one in changed for promise in _told(one, kept.get(one.session.session_id))),
    )
    await tell_again(conn, [one.sitting for one in others if _counts_elsewhere(one, kept)], now=now)
    await _offer(conn, [one.event.learning_event_id for one in others if _has_room(one, now)], now)
    return len(changed)


def _has_room(one: PastEvent, now: datetime) -> bool:
    """Whether people may wait for places that it has now."""
    return one.event.state is State.PUBLISHED and one.session.starts_at > now


async def _offer(conn: Conn, learning_event_ids: Sequence[UUID], now: datetime) -> None:
    """Offer what is free to those who wait: they are people of today, and hear of it.

    So it is told in a thread of its own, and not counted among what the file gave.
    """
    for learning_event_id in sorted(learning_event_ids):
        with continuing(Thread(uuid7())), outbox.counting():
            await offer_what_is_free(conn, learning_event_id, now=now)


def _as_written(row: EventRow, kept: PastEvent | None) -> PastEvent:
    """What a row says, and for the rest what is there already."""
    if row.status == "cancelled" and kept and kept.somebody_came:
        raise Refused(errors=[Fault("/status", "people-came", "Somebody was at this session.")])
    came = kept is not None and kept.somebody_came
    return PastEvent(
        event=replace(
            kept.event if kept else _unsaid(row),
            title=row.title,
            kind=row.kind,
            workstreams=(row.workstream,) if row.workstream else (),
            series=row.series,
            state=State.CANCELLED if row.status == "cancelled" else State.PUBLISHED,
        ),
        session=_session(row, kept.session if kept else None),
        # Where somebody was, it was held, whatever an older copy says.
        held=row.status == "held" or came,
        somebody_came=came,
    )


def _session(row: EventRow, kept: Meeting | None) -> Meeting:
    said: dict[str, Any] = {
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "mode": row.delivery_mode,
        "place": PLACES[row.delivery_mode],
        "capacity": row.capacity,
    }
    if kept is None:
        return Meeting(
            session_id=row.session_id,
            learning_event_id=derived_id("learning_event", row.event_key),
            **said,
        )
    if kept.mode == row.delivery_mode:
        said["place"] = kept.place
    return replace(kept, **said)


def _unsaid(row: EventRow) -> Announced:
    return Announced(
        learning_event_id=derived_id("learning_event", row.event_key),
        title=row.title,
        kind=row.kind,
        event_type=UNKNOWN,
        purpose=PURPOSE,
        level=Level.INTRODUCTORY,
        audience=("any",),
        state=State.PUBLISHED,
    )


def _told(one: PastEvent, before: PastEvent | None) -> list[Message | Promise]:
    """What is new, or another than before."""
    event, session, sitting = one.event, one.session, one.sitting
    ids = {"session_id": sitting.session_id, "learning_event_id": sitting.learning_event_id}
    told: list[Message | Promise] = []
    if before is None or _is_announced_anew(event, before.event):
        told.append(event_published(event))
    if before is None or session != before.session:
        told.append(session_scheduled(session))
    if event.state is State.CANCELLED and not (before and before.event.state is State.CANCELLED):
        told.append(EventCancelled(learning_event_id=event.learning_event_id, reason_code=UNKNOWN))
    if one.held and not (before and before.held and before.sitting.held_on == sitting.held_on):
        told.append(Promise(event_held(sitting), happened_at=session.ends_at))
    if before and before.held and not one.held:
        told.append(EventHeldWithdrawn(**ids))
    return told


def _is_announced_anew(event: Announced, before: Announced) -> bool:
    """Whether anything is another than before, except that it is cancelled."""
    if before.state is State.CANCELLED and event.state is not State.CANCELLED:
        return True
    return replace(event, state=before.state) != before


def _counts_elsewhere(one: PastEvent, kept: dict[UUID, PastEvent]) -> bool:
    """Whether attendances at it belong to another day, or count as something else, than before."""
    before = kept[one.session.session_id]
    return (one.sitting.held_on, one.event.kind) != (before.sitting.held_on, before.event.kind)
