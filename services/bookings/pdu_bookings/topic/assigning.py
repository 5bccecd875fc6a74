"""People are asked to speak at sessions or to run them: written down, and each gets a letter."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from pydantic import BaseModel, Field

from pdu_bookings.link import Purpose
from pdu_bookings.rules.speaker import AssignmentState, speaker_forgotten_on
from pdu_shared import outbox
from pdu_shared.contracts.bookings.topic import SpeakerInvited
from pdu_shared.contracts.bookings.topic_words import RecordingConsent, SpeakerRole
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.links import token_of
from pdu_shared.local_time import local_day
from pdu_shared.persons import persons_of
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Runtime


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
    return await select(conn, list(sessions))


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
    refuse_unknown(asks, sessions)
    return sessions


def refuse_unknown(asks: Sequence[Ask], known: Collection[UUID]) -> None:
    """Refuse those who are asked for a session that is not known."""
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


async def select(conn: Conn, session_ids: Sequence[UUID]) -> Assignments:
    """All who are asked for these sessions."""
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
