"""Learning events come into being: announced as drafts, then published."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from pdu_bookings.category import Categories
from pdu_bookings.community.enrolment import enrol, link_community
from pdu_bookings.lived_experience.opportunity import open_opportunity
from pdu_bookings.place.asking import Keys
from pdu_bookings.programme.change import Before, By, Hand, keep
from pdu_bookings.programme.coming_back import stand_again
from pdu_bookings.programme.description import (
    AnnounceLearningEvent,
    AnnounceSession,
    Description,
    FollowUp,
)
from pdu_bookings.programme.follow_up import check_original, invite_first
from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_event
from pdu_bookings.programme.rows import (
    event_drafted,
    event_published,
    insert_learning_events,
    lock_learning_events,
    mark,
)
from pdu_bookings.programme.second_person import check_second_person
from pdu_bookings.programme.series import check_keys
from pdu_bookings.programme.session_rows import (
    Meeting,
    insert_sessions,
    lock_sessions,
    office_hours,
    session_scheduled,
)
from pdu_bookings.programme.venue import check_venues
from pdu_bookings.rules.description import Announced, Lack, contradictions, missing
from pdu_bookings.rules.out_of_hours import Office
from pdu_bookings.rules.parallel import awry
from pdu_bookings.rules.programme import State
from pdu_shared import outbox
from pdu_shared.database import Conn, transaction
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.local_time import moment
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Here, Runtime

router = APIRouter(tags=["learning events"])

LISTS = {
    "event_type": "event_type",
    "audience": "audience",
    "workstreams": "workstream",
    "aims": "system_change_aim",
    "topics": "topic",
    "topic_source": "topic_source",
}
"""The fields that hold words of lists, and what the lists are called."""


@router.post("/learning-events", status_code=201, response_model=LearningEvent)
async def announce(form: AnnounceLearningEvent, runtime: Here, asked: Asked, by: By) -> Response:
    """Write down a learning event as a draft, which nobody sees yet.

    With `publish` it is published in the same step.
    """
    return await once(runtime.database, asked, partial(_announce, form=form, here=runtime, by=by))


async def _announce(conn: Conn, *, form: AnnounceLearningEvent, here: Runtime, by: Hand) -> Answer:
    event = Announced(
        learning_event_id=uuid7(),
        state=State.DRAFT,
        **described(form, (*Description.model_fields, *FollowUp.model_fields)),
    )
    await write_down(conn, event, form.sessions, words=here.part(Categories), now=by.now)
    await publish_or_tell(conn, event, here, by, publish=form.publish)
    return Answer.of(await learning_event(conn, event.learning_event_id, now=by.now))


async def write_down(
    conn: Conn,
    event: Announced,
    sessions: Sequence[AnnounceSession],
    *,
    words: Categories,
    now: datetime,
) -> None:
    """Write down a new learning event with its sessions. Raises Refused for what cannot be."""
    office = await office_hours(conn)
    meetings = [meeting_of(event.learning_event_id, one, office) for one in sessions]
    refuse([*contradictions(event), *awry(event.kind, [one.sitting for one in meetings])])
    await check_words(conn, event, words)
    await check_original(conn, event)
    await check_venues(
        conn, [(f"/sessions/{at}/venue_id", one.venue_id) for at, one in enumerate(sessions)]
    )
    await insert_learning_events(conn, [event], now)
    await insert_sessions(conn, meetings)


async def publish_or_tell(
    conn: Conn, event: Announced, here: Runtime, by: Hand, *, publish: bool
) -> None:
    """Publish what was just written down, or tell that there is a draft. Raises as publishing."""
    if publish:
        await check_second_person(conn, event.learning_event_id, here, by)
        await make_public(conn, event.learning_event_id, Keys.of(here), by)
    else:
        await outbox.add(conn, event_drafted(event))


def described(by: object, names: Iterable[str]) -> dict[str, Any]:
    """The fields with these names."""
    return {name: getattr(by, name) for name in names}


def meeting_of(learning_event_id: UUID, session: AnnounceSession, office: Office) -> Meeting:
    """A session as it is written down."""
    said = described(session, AnnounceSession.model_fields) | {
        "starts_at": moment(session.starts_at),
        "ends_at": moment(session.ends_at),
    }
    return Meeting(session_id=uuid7(), learning_event_id=learning_event_id, office=office, **said)


async def check_words(conn: Conn, event: Announced, words: Categories) -> None:
    """Raise Refused for words that are in no list, and for a series that nobody defined."""
    said: list[tuple[str, str, str | None]] = []
    for field, scheme in LISTS.items():
        value = getattr(event, field)
        if isinstance(value, tuple):
            said += [(f"/{field}/{at}", scheme, word) for at, word in enumerate(value)]
        else:
            said.append((f"/{field}", scheme, value))
    await words.check(said, conn)
    await check_keys(conn, series=event.series, programme=event.programme)


@router.post("/learning-events/{learning_event_id}/publish")
async def publish(learning_event_id: UUID, here: Here, by: By) -> LearningEvent:
    """Open a draft for booking and tell everybody; or a postponed one, with a new date or the old.

    The members of its community, if it is a session of one, have places at once; with a new date
    also those who had none on the day that it was before. Publishing twice is publishing once. 422
    says what has to be added before. 409 where a second person publishes, and this is the first.
    """
    async with transaction(here.database) as conn:
        await check_second_person(conn, learning_event_id, here, by)
        await make_public(conn, learning_event_id, Keys.of(here), by)
        return await learning_event(conn, learning_event_id, now=by.now)


async def make_public(conn: Conn, learning_event_id: UUID, keys: Keys, by: Hand) -> None:
    """Open a learning event for booking and tell everybody.

    Raises NotFound, Refused for what its description lacks, and Conflict when it is too late.
    """
    event = (await lock_learning_events(conn, [learning_event_id])).get(learning_event_id)
    if event is None:
        raise NotFound
    if event.state is State.PUBLISHED:
        return
    if event.state in (State.CANCELLED, State.ARCHIVED):
        raise Conflict(f"It is {event.state}: copy it to offer it again.")
    refuse(missing(event))
    await link_community(conn, learning_event_id)
    sessions = await lock_sessions(conn, learning_event_id)
    if sessions[0].starts_at <= by.now:
        raise Conflict("Its first session has already started.")
    await mark(conn, learning_event_id, State.PUBLISHED, published_at=by.now)
    was = {"state": event.state}
    before = Before(learning_event_id=learning_event_id, change=State.PUBLISHED, was=was)
    await keep(conn, before, by)
    await outbox.add(conn, event_published(event))
    if event.state is State.DRAFT:
        await outbox.add(conn, *(session_scheduled(session) for session in sessions))
        await invite_first(conn, event, now=by.now)
        if event.lived_experience_planned:
            await open_opportunity(conn, learning_event_id, by.now)
    else:
        await stand_again(conn, sessions)
    # Whoever joined since it was postponed comes, too; the room may have become too small for all.
    all_must_fit = event.state is State.DRAFT
    await enrol(conn, learning_event_id, keys, all_must_fit=all_must_fit, now=by.now)


def refuse(lacks: Iterable[Lack]) -> None:
    """Raise Refused when a description lacks anything."""
    if faults := [Fault(*lack) for lack in lacks]:
        raise Refused(errors=faults)
