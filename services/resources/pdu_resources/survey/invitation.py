"""Invitations to answer a survey: where they are on their way, and how many of them."""

import hashlib
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from pydantic import BaseModel

from pdu_resources.rules.invitation import becomes
from pdu_resources.rules.project_year import local_date
from pdu_resources.survey.survey_rows import survey_id
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.notifications import MessageFailed, MessageSent, MessageSuppressed
from pdu_shared.contracts.resources.survey import (
    SurveyInvitationBounced,
    SurveyInvitationSent,
    SurveyKind,
)
from pdu_shared.contracts.vocabulary import InvitationState
from pdu_shared.database import Conn
from pdu_shared.listening import UnknownReferenceError
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

LETTER = "survey_invitation"
"""Reminders have another template: they change nothing about whether somebody was reached."""

router = APIRouter(tags=["surveys"])


class InvitationCounts(BaseModel):
    """How many invitations there are, and how many of them are in which state."""

    survey_key: str
    learning_event_id: UUID | None
    wave: str | None
    invited: int
    by_state: dict[InvitationState, int]


@router.get("/surveys/{survey_key}/invitations")
async def count(
    survey_key: str,
    database: Store,
    now: Now,
    learning_event_id: Annotated[UUID | None, Query()] = None,
    wave: Annotated[Code | None, Query()] = None,
) -> InvitationCounts:
    """How invitations stand, as numbers: never whom they went to."""
    async with database.pool.acquire(timeout=5) as conn:
        if not await _is_known(conn, survey_key):
            raise NotFound
        states = await _count(conn, survey_key, learning_event_id, wave=wave, now=now)
    return InvitationCounts(
        survey_key=survey_key,
        learning_event_id=learning_event_id,
        wave=wave,
        invited=sum(states.values()),
        by_state={state: states.get(state, 0) for state in InvitationState},
    )


async def learn_delivery(
    conn: Conn, message: MessageSent | MessageFailed | MessageSuppressed
) -> None:
    """Keep what became of the letter of an invitation, and tell it."""
    if message.template != LETTER:
        return
    match message:
        case MessageSent():
            heard = InvitationState.SENT
        case MessageFailed():
            heard = InvitationState.BOUNCED
        case MessageSuppressed():
            heard = InvitationState.SUPPRESSED
    about = await move(conn, message.related_id, heard)
    if about is None:
        return
    if heard is InvitationState.SENT:
        await outbox.add(conn, SurveyInvitationSent(**about))
    elif heard is InvitationState.BOUNCED:
        await outbox.add(conn, SurveyInvitationBounced(**about))


async def move(conn: Conn, invitation_id: UUID, heard: InvitationState) -> dict[str, Any] | None:
    """Bring an invitation further on its way; what is told of it, if anything is.

    Raises UnknownReferenceError for one that is not ours.
    """
    row = await conn.fetchrow(
        """
        SELECT invitation_id, survey_key, wave, learning_event_id, person_id, invited_at, state,
               kind
          FROM invitation JOIN survey USING (survey_key)
         WHERE invitation_id = $1
           FOR UPDATE OF invitation
        """,
        invitation_id,
    )
    if row is None:
        raise UnknownReferenceError(str(invitation_id))
    state = becomes(InvitationState(row["state"]), heard)
    await conn.execute(
        "UPDATE invitation SET state = $2 WHERE invitation_id = $1", invitation_id, state
    )
    return told_of(row) if SurveyKind(row["kind"]).tells_who_is_asked else None


def told_of(row: asyncpg.Record) -> dict[str, Any]:
    """What every message about an invitation says."""
    return {
        "invitation_id": row["invitation_id"],
        "survey_id": survey_id(row["survey_key"]),
        "survey_key": row["survey_key"],
        "wave": row["wave"],
        "learning_event_id": row["learning_event_id"],
        "person_id": row["person_id"],
        "invited_on": local_date(row["invited_at"]),
    }


def hash_of(token: str) -> bytes:
    """What is kept of a link's token: whoever reads the table can open no link."""
    return hashlib.sha256(token.encode()).digest()


async def _count(
    conn: Conn,
    survey_key: str,
    learning_event_id: UUID | None,
    *,
    wave: str | None,
    now: datetime,
) -> dict[str, int]:
    rows = await conn.fetch(
        """
        SELECT CASE WHEN expires_at <= $4 AND NOT imported
                     AND state IN ('planned', 'sent', 'delivered', 'opened_form', 'partial')
                    THEN 'expired' ELSE state END AS stands,
               count(*)
          FROM invitation
         WHERE survey_key = $1
           AND learning_event_id IS NOT DISTINCT FROM coalesce($2, learning_event_id)
           AND wave = coalesce($3, wave)
         GROUP BY stands
        """,
        survey_key,
        learning_event_id,
        wave,
        now,
    )
    return {row["stands"]: row["count"] for row in rows}


async def _is_known(conn: Conn, survey_key: str) -> bool:
    found: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM survey WHERE survey_key = $1)", survey_key
    )
    return found
