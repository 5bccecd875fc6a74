"""The survey of one invited person, behind the link of their letter."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from pydantic import BaseModel

from pdu_resources.rules.project_year import local_date
from pdu_resources.survey import due, intention
from pdu_resources.survey.answer_form import SubmitAnswers
from pdu_resources.survey.intention import Intention
from pdu_resources.survey.invitation import hash_of, move
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
from pdu_shared.database import Conn, transaction
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Runtime, Store

WITHDRAWN = "You took your answers back. Nothing of them is kept, and the link is closed."

router = APIRouter(tags=["surveys"])

Token = Annotated[str, Path(description="The token of one invitation, from its letter")]


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


@router.get("/s/{token}")
async def see(token: Token, database: Store, now: Now) -> PersonalSurvey:
    """The survey that a letter's link is for. 409 once it has closed."""
    async with transaction(database) as conn:
        invitation = await _lock_invitation(conn, token, now)
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


@router.put("/s/{token}/draft")
async def save(token: Token, form: SubmitAnswers, database: Store, now: Now) -> Saved:
    """Keep the answers so far, with consent: whoever has the link can go on with them."""
    async with transaction(database) as conn:
        invitation = await _lock_invitation(conn, token, now)
        survey_key, event = invitation["survey_key"], invitation["learning_event_id"]
        await read(conn, survey_key, event, form)
        response_id = await _response_of(conn, invitation)
        new = await _upsert_draft(conn, invitation, response_id or uuid7(), form, now)
        await move(conn, invitation["invitation_id"], InvitationState.PARTIAL)
        if new is not None and response_id is None:
            started = SurveyStarted(**_about(invitation, new), started_on=local_date(now))
            await outbox.add(conn, started)
    return Saved(saved_at=now, closes_at=invitation["expires_at"])


@router.post("/s/{token}/responses")
async def answer(token: Token, form: SubmitAnswers, here: Here, now: Now) -> Received:
    """Answer the survey. Answering again replaces what was answered before."""
    async with transaction(here.database) as conn:
        invitation = await _lock_invitation(conn, token, now)
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


@router.delete("/s/{token}/responses", status_code=204)
async def take_back(token: Token, here: Here, now: Now) -> None:
    """Take all answers back, saved or submitted. Nothing of them is kept; the link closes."""
    async with transaction(here.database) as conn:
        invitation = await _lock_invitation(conn, token, now)
        response_id = await _response_of(conn, invitation)
        if response_id is not None:
            await withdraw(conn, response_id, now=now)
        await conn.execute(
            "UPDATE invitation SET withdrawn_at = $2 WHERE invitation_id = $1",
            invitation["invitation_id"],
            now,
        )
        await _stop(conn, here, invitation, ReminderStop.WITHDRAWN)


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


async def _lock_invitation(conn: Conn, token: str, now: datetime) -> asyncpg.Record:
    """The invitation behind a token.

    NotFound for a token that is not ours, Conflict for one that has closed.
    """
    row = await conn.fetchrow(
        """
        SELECT invitation_id, survey_key, wave, learning_event_id, person_id, expires_at,
               withdrawn_at
          FROM invitation
         WHERE token_hash = $1
           FOR UPDATE
        """,
        hash_of(token),
    )
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
