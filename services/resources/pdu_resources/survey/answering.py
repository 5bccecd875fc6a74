"""What somebody who was invited does with a survey, whichever way they came to it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from pdu_resources.rules.project_year import local_date
from pdu_resources.survey import due, intention
from pdu_resources.survey.answer_form import SubmitAnswers
from pdu_resources.survey.intention import Intention
from pdu_resources.survey.invitation import move
from pdu_resources.survey.response import Received, read, respondent, submit
from pdu_resources.survey.response_rows import Submitted
from pdu_resources.survey.survey_rows import SurveySeen, survey, survey_id
from pdu_resources.survey.withdrawing import withdraw
from pdu_shared import outbox
from pdu_shared.contracts.resources.survey import (
    ReminderStop,
    SurveyRemindersStopped,
    SurveyStarted,
)
from pdu_shared.contracts.vocabulary import InvitationState
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Runtime

WITHDRAWN = "You took your answers back. Nothing of them is kept, and the link is closed."


class PersonalSurvey(BaseModel):
    """A survey as an invited person sees it. What they submitted is not shown again."""

    answered: bool
    wave: str
    learning_event_id: UUID | None
    closes_at: datetime
    survey: SurveySeen
    draft: SubmitAnswers | None
    """What they saved and have not submitted yet."""
    intentions: list[Intention]
    """What they said they wanted to do, where the survey asks what came of it."""


class Saved(BaseModel):
    """The answers so far are kept, and counted by nobody until they are submitted."""

    saved_at: datetime
    closes_at: datetime


async def shown(conn: Conn, invitation: asyncpg.Record) -> PersonalSurvey:
    """The survey as whoever was invited sees it, which is noted."""
    await move(conn, invitation["invitation_id"], InvitationState.OPENED_FORM)
    seen = await survey(conn, invitation["survey_key"], invitation["learning_event_id"])
    draft = await _draft(conn, invitation)
    return PersonalSurvey(
        answered=await _response_of(conn, invitation) is not None,
        wave=invitation["wave"],
        learning_event_id=invitation["learning_event_id"],
        closes_at=invitation["expires_at"],
        survey=seen,
        draft=SubmitAnswers.model_validate_json(draft["draft"]) if draft else None,
        intentions=await intention.of_invited(conn, invitation, seen.kind),
    )


async def save(conn: Conn, invitation: asyncpg.Record, form: SubmitAnswers, now: datetime) -> Saved:
    """Keep the answers so far, if they may be kept."""
    await read(conn, invitation["survey_key"], invitation["learning_event_id"], form)
    response_id = await _response_of(conn, invitation)
    new = await _upsert_draft(conn, invitation, response_id or uuid7(), form, now)
    await move(conn, invitation["invitation_id"], InvitationState.PARTIAL)
    if new is not None and response_id is None:
        started = SurveyStarted(**_about(invitation, new), started_on=local_date(now))
        await outbox.add(conn, started)
    return Saved(saved_at=now, closes_at=invitation["expires_at"])


async def answer(
    conn: Conn, here: Runtime, invitation: asyncpg.Record, form: SubmitAnswers, *, now: datetime
) -> Received:
    """Keep the answers in the place of any before, and remind nobody any more."""
    draft = await _draft(conn, invitation)
    response_id = await _response_of(conn, invitation) or (draft and draft["response_id"])
    response = Submitted(
        response_id=response_id or uuid7(),
        survey_key=invitation["survey_key"],
        wave=invitation["wave"],
        learning_event_id=invitation["learning_event_id"],
        invitation_id=invitation["invitation_id"],
        respondent=respondent(form, person_id=invitation["person_id"]),
        submitted_at=now,
    )
    received = await submit(conn, response, form)
    await move(conn, invitation["invitation_id"], InvitationState.SUBMITTED)
    await _stop(conn, here, invitation, ReminderStop.ANSWERED)
    return received


async def take_back(
    conn: Conn, here: Runtime, invitation: asyncpg.Record, *, now: datetime
) -> None:
    """Forget all answers, saved or submitted, and close the invitation."""
    response_id = await _response_of(conn, invitation)
    if response_id is not None:
        await withdraw(conn, response_id, now=now)
    await conn.execute(
        "UPDATE invitation SET withdrawn_at = $2 WHERE invitation_id = $1",
        invitation["invitation_id"],
        now,
    )
    await _stop(conn, here, invitation, ReminderStop.WITHDRAWN)


def still_open(row: asyncpg.Record | None, now: datetime) -> asyncpg.Record:
    """The invitation while it can be answered.

    Raises NotFound where there is none, Conflict for one that has closed.
    """
    if row is None:
        raise NotFound
    if row["withdrawn_at"] is not None:
        raise Conflict(WITHDRAWN)
    if row["expires_at"] <= now:
        closed_on = local_date(row["expires_at"])
        raise Conflict(
            f"This survey closed on {closed_on.day} {closed_on:%B %Y}. Thank you all the same."
        )
    return row


async def _stop(
    conn: Conn, here: Runtime, invitation: asyncpg.Record, because: ReminderStop
) -> None:
    invitation_id = invitation["invitation_id"]
    await conn.execute("DELETE FROM survey_draft WHERE invitation_id = $1", invitation_id)
    await due.forget_reminders(conn, invitation_id)
    stopped = SurveyRemindersStopped(invitation_id=invitation_id, because=because)
    await outbox.add(conn, outbox.sealed(stopped, here.sealer))


def _about(invitation: asyncpg.Record, response_id: UUID) -> dict[str, Any]:
    return {
        "response_id": response_id,
        "survey_id": survey_id(invitation["survey_key"]),
        "survey_key": invitation["survey_key"],
        "wave": invitation["wave"],
        "learning_event_id": invitation["learning_event_id"],
    }


async def _response_of(conn: Conn, invitation: asyncpg.Record) -> UUID | None:
    response_id: UUID | None = await conn.fetchval(
        "SELECT response_id FROM response WHERE invitation_id = $1", invitation["invitation_id"]
    )
    return response_id


async def _draft(conn: Conn, invitation: asyncpg.Record) -> asyncpg.Record | None:
    return await conn.fetchrow(
        "SELECT response_id, draft FROM survey_draft WHERE invitation_id = $1",
        invitation["invitation_id"],
    )


async def _upsert_draft(
    conn: Conn, invitation: asyncpg.Record, response_id: UUID, form: SubmitAnswers, now: datetime
) -> UUID | None:
    """The id of the response that it will be, where this is the first of it."""
    found: UUID | None = await conn.fetchval(
        """
        INSERT INTO survey_draft AS kept (invitation_id, response_id, draft, saved_at)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (invitation_id) DO UPDATE
           SET draft = excluded.draft, saved_at = excluded.saved_at
        RETURNING CASE WHEN xmax = 0 THEN response_id END
        """,
        invitation["invitation_id"],
        response_id,
        form.model_dump_json(),
        now,
    )
    return found
