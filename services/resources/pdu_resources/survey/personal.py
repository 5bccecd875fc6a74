"""The survey of one invited person, behind the link of their letter."""

from datetime import datetime
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Path

from pdu_resources.survey import answering
from pdu_resources.survey.answer_form import SubmitAnswers
from pdu_resources.survey.answering import PersonalSurvey, Saved
from pdu_resources.survey.invitation import hash_of
from pdu_resources.survey.response import Received
from pdu_shared.database import Conn, transaction
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["surveys"])

Token = Annotated[str, Path(description="The token of one invitation, from its letter")]


@router.get("/s/{token}")
async def see(token: Token, database: Store, now: Now) -> PersonalSurvey:
    """The survey that a letter's link is for. 409 once it has closed."""
    async with transaction(database) as conn:
        return await answering.shown(conn, await _lock_invitation(conn, token, now))


@router.put("/s/{token}/draft")
async def save(token: Token, form: SubmitAnswers, database: Store, now: Now) -> Saved:
    """Keep the answers so far, with consent: whoever has the link can go on with them."""
    async with transaction(database) as conn:
        return await answering.save(conn, await _lock_invitation(conn, token, now), form, now)


@router.post("/s/{token}/responses")
async def answer(token: Token, form: SubmitAnswers, here: Here, now: Now) -> Received:
    """Answer the survey. Answering again replaces what was answered before."""
    async with transaction(here.database) as conn:
        invitation = await _lock_invitation(conn, token, now)
        return await answering.answer(conn, here, invitation, form, now=now)


@router.delete("/s/{token}/responses", status_code=204)
async def take_back(token: Token, here: Here, now: Now) -> None:
    """Take all answers back, saved or submitted. Nothing of them is kept; the link closes."""
    async with transaction(here.database) as conn:
        invitation = await _lock_invitation(conn, token, now)
        await answering.take_back(conn, here, invitation, now=now)


async def _lock_invitation(conn: Conn, token: str, now: datetime) -> asyncpg.Record:
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
    return answering.still_open(row, now)
