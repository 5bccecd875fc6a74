"""Surveys that wait for whoever has signed in: answered without the letter at hand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_resources.member.same_person import ids_of
from pdu_resources.survey import answering
from pdu_resources.survey.answer_form import SubmitAnswers
from pdu_resources.survey.answering import PersonalSurvey
from pdu_resources.survey.response import Received
from pdu_resources.usage.activity import account_of
from pdu_shared.access import Caller, Who
from pdu_shared.database import Conn, snapshot, transaction
from pdu_shared.runtime import Here, Now, Store

MOST = 50

router = APIRouter(tags=["surveys"])


class Waiting(BaseModel):
    """A survey to which somebody is invited, and which they have not answered."""

    invitation_id: UUID
    survey_key: str
    title: str
    questions: int = Field(description="How many it asks, those of one event alone besides")
    learning_event_id: UUID | None
    event_title: str | None = Field(description="None where the hub has not heard of the event")
    begun: bool = Field(description="Whether answers were saved")
    closes_at: datetime


class OwnSurveys(BaseModel):
    """The surveys that wait, those that close first before the others."""

    items: list[Waiting] = Field(description=f"At most {MOST}")


@router.get("/own/surveys")
async def waiting(database: Store, caller: Who, now: Now) -> OwnSurveys:
    """The surveys to which I am invited and that wait for me. Nobody has to answer."""
    async with snapshot(database) as conn:
        mine = await ids_of(conn, await account_of(conn, caller))
        return OwnSurveys(items=[Waiting(**row) for row in await _waiting(conn, mine, now)])


@router.get("/own/surveys/{invitation_id}")
async def see(invitation_id: UUID, database: Store, caller: Who, now: Now) -> PersonalSurvey:
    """A survey to which I am invited, as the link of its letter shows it. 409 once it has closed.

    What was answered before is not shown again.
    """
    async with transaction(database) as conn:
        return await answering.shown(conn, await _lock_own(conn, invitation_id, caller, now))


@router.post("/own/surveys/{invitation_id}/responses")
async def answer(
    invitation_id: UUID, form: SubmitAnswers, here: Here, caller: Who, now: Now
) -> Received:
    """Answer it. Answering again, here or by the link, replaces what was answered before."""
    async with transaction(here.database) as conn:
        invitation = await _lock_own(conn, invitation_id, caller, now)
        return await answering.answer(conn, here, invitation, form, now=now)


async def _lock_own(
    conn: Conn, invitation_id: UUID, caller: Caller, now: datetime
) -> asyncpg.Record:
    """One's own invitation, locked. That of somebody else is not there."""
    row = await conn.fetchrow(
        """
        SELECT invitation_id, survey_key, wave, learning_event_id, person_id, expires_at,
               withdrawn_at
          FROM invitation
         WHERE invitation_id = $1 AND person_id = ANY ($2::uuid[]) AND NOT imported
           FOR UPDATE
        """,
        invitation_id,
        await ids_of(conn, await account_of(conn, caller)),
    )
    return answering.still_open(row, now)


async def _waiting(conn: Conn, person_ids: Sequence[UUID], now: datetime) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT invitation_id, survey_key, survey.title,
               (SELECT count(*) FROM survey_question
                 WHERE survey_question.survey_key = invitation.survey_key) AS questions,
               learning_event_id, hub_event.title AS event_title, expires_at AS closes_at,
               EXISTS (SELECT FROM survey_draft
                        WHERE survey_draft.invitation_id = invitation.invitation_id) AS begun
          FROM invitation
          JOIN survey USING (survey_key)
          LEFT JOIN hub_event USING (learning_event_id)
         WHERE person_id = ANY ($1::uuid[]) AND NOT invitation.imported
           AND expires_at > $2 AND withdrawn_at IS NULL
           AND NOT EXISTS (SELECT FROM response
                            WHERE response.invitation_id = invitation.invitation_id)
         ORDER BY expires_at, invitation_id
         LIMIT $3
        """,
        list(person_ids),
        now,
        MOST,
    )
