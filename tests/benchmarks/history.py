"""A programme's history as messages: bookings, attendances, surveys and what members do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count, cycle, islice
from uuid import UUID

from benchmarks.messages import event_booked, event_published
from benchmarks.programme import NOBODY
from pdu_shared.contracts.bookings.attendance import (
    AttendanceCorrected,
    AttendanceRecorded,
    EventHeld,
)
from pdu_shared.contracts.bookings.place import BookingCancelled
from pdu_shared.contracts.bookings.programme import SessionScheduled
from pdu_shared.contracts.message import Message
from pdu_shared.contracts.resources.member import MemberRegistered
from pdu_shared.contracts.resources.survey import (
    Answered,
    Ranked,
    SurveyInvitationSent,
    SurveySubmitted,
)
from pdu_shared.contracts.resources.usage import ModuleCompleted, ResourceViewed
from pdu_shared.identity import uuid7

DAY = date(2027, 1, 14)
SIZE = 200
"""Messages of one session: eighty attendances, sixty bookings, forty activities and the rest."""


def history(number: int) -> Iterator[Message]:
    """So many messages, a session after the other."""
    return islice((message for _ in count() for message in _session()), number)


def _session() -> Iterator[Message]:
    event, session = event_published(), uuid7()
    where = {"session_id": session, "learning_event_id": event.learning_event_id}
    noon = datetime(2027, 1, 14, 12, tzinfo=UTC)
    yield event
    yield SessionScheduled(
        **where, starts_at=noon, ends_at=noon, tz="Europe/London", mode="online", place="Online",
        capacity=40,
    )  # fmt: skip
    yield EventHeld(**where, held_on=DAY)
    kinds = cycle((_attended, _attended, _booked, _booked, _did, _said))
    told = (message for kind in kinds for message in kind(where))
    yield from islice(told, SIZE - 3)


def _attended(where: dict[str, UUID]) -> Iterator[Message]:
    for state in ("present", "present", "absent_no_show"):
        yield AttendanceRecorded(**_attendance(state), **where)
    corrected = _attendance("present")
    yield AttendanceRecorded(**corrected, **where)
    yield AttendanceCorrected(**corrected, **where, supersedes=uuid7())


def _attendance(state: str) -> dict[str, object]:
    return {
        "attendance_id": uuid7(),
        "event_kind": "learning_event",
        "person_id": uuid7(),
        "state": state,
        "method": "import",
        "organisation_id": uuid7(),
        "held_on": DAY,
        "booking_id": uuid7(),
        "booked_on": DAY,
        "heard_about": "bulletin",
        **NOBODY,
    }


def _booked(where: dict[str, UUID]) -> Iterator[Message]:
    yield event_booked(where["learning_event_id"])
    yield event_booked(where["learning_event_id"])
    booked = event_booked(where["learning_event_id"])
    yield booked
    yield BookingCancelled(**booked.model_dump(), by="person")


def _did(where: dict[str, UUID]) -> Iterator[Message]:
    del where
    item = {"item_id": uuid7(), "item_key": "res-001", "person_id": uuid7(), "happened_on": DAY}
    for kind in (ResourceViewed, ResourceViewed, ResourceViewed, ModuleCompleted):
        yield kind(**item, activity_id=uuid7())


def _said(where: dict[str, UUID]) -> Iterator[Message]:
    survey = {
        "survey_id": uuid7(),
        "survey_key": "core",
        "wave": "2027",
        "learning_event_id": where["learning_event_id"],
        "person_id": uuid7(),
    }
    yield MemberRegistered(person_id=survey["person_id"], registered_on=DAY, **NOBODY)
    yield SurveyInvitationSent(**survey, invitation_id=uuid7(), invited_on=DAY)
    yield SurveySubmitted(**survey, response_id=uuid7(), submitted_on=DAY, answers=_answers())


def _answers() -> tuple[Answered, ...]:
    heard = {"version": 1, "state": "answered"}
    ranks = tuple(Ranked(option=f"item-{rank}", rank=rank) for rank in range(1, 6))
    return (
        *(Answered(question_code=f"core.q{n}", options=("yes",), **heard) for n in range(6)),
        Answered(question_code="core.learnt", options=("practice", "policy"), **heard),
        Answered(question_code="core.topics", ranks=ranks, **heard),
        Answered(question_code="core.contacts", number=3, **heard),
    )
