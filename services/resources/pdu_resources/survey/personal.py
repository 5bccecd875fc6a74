"""The survey of one invited person, behind the link of their letter."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from pydantic import BaseModel

from pdu_resources.survey.invitation import hash_of, move
from pdu_resources.survey.response import Received, SubmitAnswers, respondent, submit
from pdu_resources.survey.response_rows import Submitted
from pdu_resources.survey.survey_rows import SurveySeen, survey
from pdu_shared.contracts.vocabulary import InvitationState
from pdu_shared.database import Conn, transaction
from pdu_shared.identity import uuid7
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["surveys"])

Token = Annotated[str, Path(description="The token of one invitation, from its letter")]


class PersonalSurvey(BaseModel):
    """A survey as an invited person sees it. What they answered is not shown again."""

    answered: bool
    wave: str
    learning_event_id: UUID | None
    closes_at: datetime
    survey: SurveySeen


@router.get("/s/{token}")
async def see(token: Token, database: Store, now: Now) -> PersonalSurvey:
    """The survey that a letter's link is for."""
    async with transaction(database) as conn:
        invitation = await _lock_invitation(conn, token, now)
        await move(conn, invitation["invitation_id"], InvitationState.OPENED_FORM)
        return PersonalSurvey(
            answered=await _response_of(conn, invitation) is not None,
            wave=invitation["wave"],
            learning_event_id=invitation["learning_event_id"],
            closes_at=invitation["expires_at"],
            survey=await survey(conn, invitation["survey_key"]),
        )


@router.post("/s/{token}/responses")
async def answer(token: Token, form: SubmitAnswers, database: Store, now: Now) -> Received:
    """Answer the survey. Answering again replaces what was answered before."""
    async with transaction(database) as conn:
        invitation = await _lock_invitation(conn, token, now)
        response = Submitted(
            response_id=await _response_of(conn, invitation) or uuid7(),
            survey_key=invitation["survey_key"],
            wave=invitation["wave"],
            learning_event_id=invitation["learning_event_id"],
            invitation_id=invitation["invitation_id"],
            respondent=respondent(form, person_id=invitation["person_id"]),
            submitted_at=now,
        )
        received = await submit(conn, response, form)
        await move(conn, invitation["invitation_id"], InvitationState.SUBMITTED)
    return received


async def _lock_invitation(conn: Conn, token: str, now: datetime) -> asyncpg.Record:
    """The invitation behind a token. NotFound for a token that is not ours, or too old."""
    row = await conn.fetchrow(
        """
        SELECT invitation_id, survey_key, wave, learning_event_id, person_id, expires_at
          FROM invitation
         WHERE token_hash = $1 AND expires_at > $2
           FOR UPDATE
        """,
        hash_of(token),
        now,
    )
    if row is None:
        raise NotFound
    return row


async def _response_of(conn: Conn, invitation: asyncpg.Record) -> UUID | None:
    response_id: UUID | None = await conn.fetchval(
        "SELECT response_id FROM response WHERE invitation_id = $1", invitation["invitation_id"]
    )
    return response_id
