"""Who speaks at a session or runs it: asked by a coordinator, each by a letter with a link."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.link import Purpose
from pdu_bookings.rules.speaker import AssignmentState, speaker_forgotten_on
from pdu_shared import outbox
from pdu_shared.contracts.bookings.topic import SpeakerInvited
from pdu_shared.contracts.bookings.topic_words import RecordingConsent, SpeakerRole
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.links import token_of
from pdu_shared.local_time import local_day
from pdu_shared.persons import persons_of
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Runtime, Store

router = APIRouter(tags=["speakers"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Somebody to be asked. `pointer` is where the request names the session."""

    session_id: UUID
    role: SpeakerRole
    name: str
    email: str
    organisation: str | None
    offer_id: UUID | None = None
    pointer: str


class AskSpeaker(Form):
    """Who is asked, and for which session."""

    session_id: UUID
    role: SpeakerRole
    name: OneLine
    email: EmailAddress
    organisation: OneLine | None = None


class AskSpeakers(Form):
    """Those who are asked: one or many, also for sessions at the same time."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "speakers": [
                        {
                            "session_id": "018f0000-0000-7000-8000-000000000001",
                            "role": "facilitator",
                            "name": "Alan a Dale",
                            "email": "alan@example.org",
                        }
                    ]
                }
            ]
        }
    )

    speakers: Annotated[tuple[AskSpeaker, ...], Field(min_length=1, max_length=50)]


class Assignment(BaseModel):
    """Somebody at a session, as a coordinator sees them. The name goes 28 days after it."""

    assignment_id: UUID
    session_id: UUID
    role: SpeakerRole
    state: AssignmentState
    name: str | None
    organisation: str | None
    offer_id: UUID | None
    published_name: str | None = Field(description="How they agreed to be named in public")
    recording_consent: RecordingConsent
    brief_acknowledged: int | None = Field(description="The version of the brief that they read")


class Assignments(BaseModel):
    """Those who speak at a learning event or run it."""

    items: list[Assignment]


@router.post(
    "/learning-events/{learning_event_id}/assignments",
    status_code=201,
    response_model=Assignments,
)
async def ask(
    learning_event_id: UUID, form: AskSpeakers, here: Here, asked: Asked, now: Now
) -> Response:
    """Ask people to speak at sessions, or to run them. All of them, or nobody.

    Whoever is asked for a session already gets no second letter.
    """
    use_case = partial(_ask, learning_event_id=learning_event_id, form=form, here=here, now=now)
    return await once(here.database, asked, use_case)


@router.get("/learning-events/{learning_event_id}/assignments")
async def assignments(learning_event_id: UUID, database: Store) -> Assignments:
    """Who was asked, who will come, and who has read the brief."""
    async with database.pool.acquire(timeout=5) as conn:
        sessions = await conn.fetch(
            "SELECT session_id FROM session WHERE learning_event_id = $1", learning_event_id
        )
        if not sessions:
            raise NotFound
        return await _select(conn, [row["session_id"] for row in sessions])


async def assign(conn: Conn, asks: Sequence[Ask], here: Runtime, *, now: datetime) -> Assignments:
    """Ask these people, and give what stands of all who are asked for these sessions.

    Raises Refused for a session that there is not, or that is over.
    """
    sessions = await _sessions(conn, asks, now)
    people = await persons_of(conn, here.person_key, [one.email for one in asks])
    link_key = here.settings.secret("link_key").encode()
    new = [(ask, person_id, uuid7()) for ask, person_id in zip(asks, people, strict=True)]
    letters = []
    # In one order, so that two who ask the same people never wait for each other in a circle.
    for ask, person_id, assignment_id in sorted(new, key=lambda one: (one[0].session_id, one[1])):
        session = sessions[ask.session_id]
        if await _insert(conn, assignment_id, person_id, ask, now):
            await _insert_contact(conn, assignment_id, ask, session["ends_at"])
            invited = SpeakerInvited(
                assignment_id=assignment_id,
                person_id=person_id,
                role=ask.role,
                channel=Channel.EMAIL,
                address=ask.email,
                name=ask.name,
                token=token_of(link_key, Purpose.SPEAKER, assignment_id),
                **session,
            )
            letters.append(outbox.sealed(invited, here.sealer))
    await outbox.add(conn, *letters)
    return await _select(conn, list(sessions))


async def _ask(
    conn: Conn, *, learning_event_id: UUID, form: AskSpeakers, here: Runtime, now: datetime
) -> Answer:
    asks = [
        Ask(**dict(one), pointer=f"/speakers/{place}/session_id")
        for place, one in enumerate(form.speakers)
    ]
    own = await conn.fetch(
        "SELECT session_id FROM session WHERE learning_event_id = $1", learning_event_id
    )
    if not own:
        raise NotFound
    _refuse_unknown(asks, {row["session_id"] for row in own})
    return Answer.of(await assign(conn, asks, here, now=now))


async def _sessions(
    conn: Conn, asks: Sequence[Ask], now: datetime
) -> Mapping[UUID, asyncpg.Record]:
    rows = await conn.fetch(
        """
        SELECT session_id, learning_event_id, event.title, starts_at, ends_at, tz, mode, place
          FROM session JOIN learning_event AS event USING (learning_event_id)
         WHERE session_id = ANY ($1::uuid[]) AND ends_at > $2 AND event.state <> 'cancelled'
        """,
        [ask.session_id for ask in asks],
        now,
    )
    sessions = {row["session_id"]: row for row in rows}
    _refuse_unknown(asks, sessions)
    return sessions


def _refuse_unknown(asks: Sequence[Ask], known: Collection[UUID]) -> None:
    detail = "There is no such session, or it will not take place any more."
    faults = [
        Fault(ask.pointer, "unknown-session", detail) for ask in asks if ask.session_id not in known
    ]
    if faults:
        raise Refused(errors=faults)


async def _insert(
    conn: Conn, assignment_id: UUID, person_id: UUID, ask: Ask, now: datetime
) -> bool:
    """Whether they had not been asked before."""
    inserted = await conn.fetchval(
        """
        INSERT INTO assignment (assignment_id, session_id, person_id, offer_id, role, organisation,
                                organisation_id, state, recording_consent, invited_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'invited', 'asked', $8)
            ON CONFLICT (session_id, person_id) WHERE state <> 'withdrawn' DO NOTHING
     RETURNING true
        """,
        assignment_id,
        ask.session_id,
        person_id,
        ask.offer_id,
        ask.role,
        ask.organisation,
        organisation_id(ask.organisation) if ask.organisation else None,
        now,
    )
    return bool(inserted)


async def _insert_contact(conn: Conn, assignment_id: UUID, ask: Ask, ends_at: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO assignment_contact (assignment_id, name, address, purge_on)
        VALUES ($1, $2, $3, $4)
        """,
        assignment_id,
        ask.name,
        ask.email,
        speaker_forgotten_on(local_day(ends_at)),
    )


async def _select(conn: Conn, session_ids: Sequence[UUID]) -> Assignments:
    rows = await conn.fetch(
        """
        SELECT assignment_id, session_id, role, state, name, organisation, offer_id,
               published_name, recording_consent, brief_acknowledged
          FROM assignment LEFT JOIN assignment_contact USING (assignment_id)
         WHERE session_id = ANY ($1::uuid[])
         ORDER BY assignment_id
        """,
        session_ids,
    )
    return Assignments(items=[Assignment(**row) for row in rows])
