"""Where somebody decides on each who asks: the yes or no of a coordinator."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.place.life import lock, save
from pdu_bookings.place.offering import offer_what_is_free
from pdu_bookings.place.seen import BookingSeen, seen
from pdu_bookings.rules.booking import closed
from pdu_shared import outbox
from pdu_shared.access import Role, Who
from pdu_shared.contracts.bookings.place import BookingDeclined
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["approval"])


class Approval(Form):
    """Whether each who asks for a place needs a yes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"needed": True}]})

    needed: bool = Field(strict=True)


class ApprovalSet(BaseModel):
    """Whether each who asks for a place needs a yes."""

    learning_event_id: UUID
    needed: bool


class Decision(StrEnum):
    """What was decided on somebody who asks."""

    APPROVE = "approve"
    DECLINE = "decline"


class Decide(Form):
    """A yes or a no, maybe with a reason."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"decision": "approve"},
                {"decision": "decline", "reason_code": "another_audience"},
            ]
        }
    )

    decision: Decision
    reason_code: Code | None = Field(None, description="A word for figures, not told in letters")


@router.put("/learning-events/{learning_event_id}/approval")
async def ask_for_approval(learning_event_id: UUID, form: Approval, database: Store) -> ApprovalSet:
    """Say whether somebody decides on each who asks from now on. Who has a place keeps it."""
    async with transaction(database) as conn:
        if not await _set_approval(conn, learning_event_id, needed=form.needed):
            raise NotFound
    return ApprovalSet(learning_event_id=learning_event_id, needed=form.needed)


@router.post("/bookings/{booking_id}/approval")
async def decide(
    booking_id: UUID, form: Decide, database: Store, caller: Who, now: Now
) -> BookingSeen:
    """Confirm the place that is kept for somebody, or give it to the next who waits.

    Saying it twice is saying it once. Yes to somebody who waits, because the event is meant for
    others: they wait among those then.
    """
    async with transaction(database) as conn:
        if form.decision is Decision.APPROVE:
            by = Admission(form.reason_code, min(caller.roles), caller.sub)
            await approve(conn, booking_id, by=by, now=now)
        else:
            await turn_down(conn, booking_id, reason=form.reason_code, now=now)
        return await seen(conn, booking_id, now=now)


@dataclass(frozen=True, slots=True)
class Admission:
    """Who lets somebody in though the event is meant for others, and why."""

    reason_code: str | None = None
    role: str = Role.COORDINATOR
    person_id: UUID | None = None


A_COORDINATOR = Admission()


async def approve(
    conn: Conn, booking_id: UUID, *, by: Admission = A_COORDINATOR, now: datetime
) -> None:
    """Confirm a place that waits for a yes. Raises Conflict."""
    booking, halls = await lock(conn, booking_id)
    if booking.state is PlaceState.CONFIRMED:
        return
    if booking.outside and booking.state.active:
        await _admit(conn, booking_id, by, now)
        if booking.state is not PlaceState.AWAITING_APPROVAL:
            return
    _must_wait_for_it(booking.state)
    if because := closed(halls, now=now):
        raise Conflict(because.because)
    after = booking.given(PlaceState.CONFIRMED, booking.hold_id)
    await save(conn, halls, [(booking, after)])
    await outbox.add(conn, after.event_booked(halls))


async def turn_down(
    conn: Conn, booking_id: UUID, *, reason: str | None = None, now: datetime
) -> None:
    """Say no to somebody who asked, and offer the place on. Raises Conflict."""
    booking, halls = await lock(conn, booking_id)
    if booking.state is PlaceState.DECLINED:
        return
    _must_wait_for_it(booking.state)
    ended = booking.ended(PlaceState.DECLINED, at=now, reason=reason)
    await save(conn, halls, [(booking, ended)])
    declined = BookingDeclined(
        booking_id=booking_id,
        learning_event_id=booking.learning_event_id,
        person_id=booking.person_id,
        reason_code=reason,
    )
    await outbox.add(conn, declined)
    await offer_what_is_free(conn, booking.learning_event_id, now=now)


async def _admit(conn: Conn, booking_id: UUID, by: Admission, now: datetime) -> None:
    """Take somebody for one whom the event is meant for, also in the line, and note by whom."""
    await conn.execute(
        """
        WITH admitted AS (
            UPDATE booking SET outside = NULL, priority = least(priority, 1)
             WHERE booking_id = $1)
        INSERT INTO admission (booking_id, reason_code, role, person_id, admitted_at)
        VALUES ($1, $2, $3, $4, $5)
        """,
        booking_id,
        by.reason_code,
        by.role,
        by.person_id,
        now,
    )


def _must_wait_for_it(state: PlaceState) -> None:
    if state is not PlaceState.AWAITING_APPROVAL:
        raise Conflict("This booking does not wait for an answer.")


async def _set_approval(conn: Conn, learning_event_id: UUID, *, needed: bool) -> bool:
    done: str = await conn.execute(
        "UPDATE learning_event SET approval = $2 WHERE learning_event_id = $1",
        learning_event_id,
        needed,
    )
    return done != "UPDATE 0"
