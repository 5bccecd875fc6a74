"""Whoever is asked to speak answers by the link in their letter, and may change their mind."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from pdu_bookings.link import Purpose
from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_event
from pdu_bookings.rules.speaker import AssignmentState, consent_after, why_not_confirm
from pdu_bookings.topic.brief import Brief, brief_of
from pdu_bookings.topic.withdrawal import Standing, lock_assignment, withdraw
from pdu_shared import outbox
from pdu_shared.contracts.bookings.topic import RecordingConsentChanged, SpeakerConfirmed
from pdu_shared.contracts.bookings.topic_words import RecordingConsent, SpeakerRole
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form, PublishedLine
from pdu_shared.links import opened_by
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["speakers"])

Token = Annotated[str, Path(description="The token of one invitation, from its letter")]


class Invitation(BaseModel):
    """What somebody is asked to do, all they should know for it, and what they have said."""

    session_id: UUID
    role: SpeakerRole
    state: AssignmentState
    published_name: str | None
    recording_consent: RecordingConsent
    learning_event: LearningEvent
    brief: Brief
    brief_acknowledged: bool


class Confirm(Form):
    """Yes; and how to be named."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"published_name": "Alan a Dale"}]})

    published_name: PublishedLine | None = Field(
        default=None, description="How you are named in public; without one you are not named"
    )


class Acknowledge(Form):
    """Which brief somebody has read."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 1}]})

    version: Annotated[int, Field(ge=0, le=1_000_000), WRITTEN_AS_NUMBER]


class AgreeToRecording(Form):
    """Whether somebody may be recorded."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"agrees": True}]})

    agrees: StrictBool


@router.get("/f/{token}")
async def see(token: Token, here: Here, now: Now) -> Invitation:
    """The invitation that a letter's link is for. Looking changes nothing."""
    async with here.database.pool.acquire(timeout=5) as conn:
        return await _seen(conn, _opened(here, token), now)


@router.post("/f/{token}/confirmation")
async def confirm(token: Token, form: Confirm, here: Here, now: Now) -> Invitation:
    """Say yes. Say it again to be named otherwise, or not at all: that also when it is over."""
    assignment_id = _opened(here, token)
    async with transaction(here.database) as conn:
        standing = await lock_assignment(conn, assignment_id)
        await _confirm(conn, standing, form.published_name, now)
        return await _seen(conn, assignment_id, now)


@router.post("/f/{token}/withdrawal")
async def withdraw_by_link(token: Token, here: Here, now: Now) -> Invitation:
    """Say no, also after a yes; nobody asks why. Your name is taken off the page at once."""
    assignment_id = _opened(here, token)
    async with transaction(here.database) as conn:
        await withdraw(conn, await lock_assignment(conn, assignment_id))
        return await _seen(conn, assignment_id, now)


@router.put("/f/{token}/brief-acknowledgement")
async def acknowledge(token: Token, form: Acknowledge, here: Here, now: Now) -> Invitation:
    """Say that you have read the brief, as it stands."""
    assignment_id = _opened(here, token)
    async with transaction(here.database) as conn:
        standing = await lock_assignment(conn, assignment_id)
        brief = await brief_of(conn, standing.learning_event_id)
        if form.version != brief.version:
            raise Conflict("The brief has changed in the meantime: read it again.")
        await conn.execute(
            "UPDATE assignment SET brief_acknowledged = $2 WHERE assignment_id = $1",
            assignment_id,
            form.version,
        )
        return await _seen(conn, assignment_id, now)


@router.put("/f/{token}/recording-consent")
async def agree_to_recording(
    token: Token, form: AgreeToRecording, here: Here, now: Now
) -> Invitation:
    """Say whether you may be recorded. You may change your mind at any time, also years later."""
    assignment_id = _opened(here, token)
    async with transaction(here.database) as conn:
        standing = await lock_assignment(conn, assignment_id)
        consent = consent_after(standing.recording_consent, agrees=form.agrees)
        if consent is not standing.recording_consent:
            await _set_consent(conn, standing, consent)
        return await _seen(conn, assignment_id, now)


def _opened(here: Runtime, token: str) -> UUID:
    key = here.settings.secret("link_key").encode()
    assignment_id = opened_by(key, Purpose.SPEAKER, token)
    if assignment_id is None:
        raise NotFound
    return assignment_id


async def _confirm(
    conn: Conn, standing: Standing, published_name: str | None, now: datetime
) -> None:
    named = published_name is not None
    because = why_not_confirm(standing.state, standing.ends_at, named=named, now=now)
    if because:
        raise Conflict(because)
    await conn.execute(
        """
        UPDATE assignment SET state = 'confirmed', published_name = $2 WHERE assignment_id = $1
        """,
        standing.assignment_id,
        published_name,
    )
    if standing.state is not AssignmentState.CONFIRMED:
        await outbox.add(conn, SpeakerConfirmed(**standing.as_told()))


async def _set_consent(conn: Conn, standing: Standing, consent: RecordingConsent) -> None:
    await conn.execute(
        "UPDATE assignment SET recording_consent = $2 WHERE assignment_id = $1",
        standing.assignment_id,
        consent,
    )
    changed = RecordingConsentChanged(
        assignment_id=standing.assignment_id,
        session_id=standing.session_id,
        learning_event_id=standing.learning_event_id,
        consent=consent,
    )
    await outbox.add(conn, changed)


async def _seen(conn: Conn, assignment_id: UUID, now: datetime) -> Invitation:
    row = await _select(conn, assignment_id)
    if row is None:
        raise NotFound
    said = dict(row)
    brief = await brief_of(conn, row["learning_event_id"])
    return Invitation(
        learning_event=await learning_event(conn, said.pop("learning_event_id"), now=now),
        brief=brief,
        brief_acknowledged=said.pop("brief_acknowledged") == brief.version,
        **said,
    )


async def _select(conn: Conn, assignment_id: UUID) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT session_id, role, assignment.state, published_name, recording_consent,
               brief_acknowledged, learning_event_id
          FROM assignment JOIN session USING (session_id)
         WHERE assignment_id = $1
        """,
        assignment_id,
    )
