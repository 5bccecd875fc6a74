"""Somebody was troubled by something at a session, and says so in private."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from pdu_bookings.place.link import booking_of
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.topic import ConcernRaised
from pdu_shared.contracts.bookings.topic_words import ConcernKind
from pdu_shared.database import Conn
from pdu_shared.forms import Form, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["concerns"])


class RaiseConcern(Form):
    """What somebody was troubled by."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "concern", "text": "One could know whose story was told."}]
        }
    )

    kind: ConcernKind = ConcernKind.CONCERN
    text: Paragraphs = Field(
        description="Read by coordinators and the data protection lead only; who reads it is "
        "written down"
    )
    anonymous: StrictBool = Field(
        default=False,
        description="Whether not to keep with it who you are. For 30 days we still know that you "
        "sent this request, so that it can be repeated safely.",
    )


class RaiseConcernByLink(RaiseConcern):
    """What somebody was troubled by, and at which session of the event that they booked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "concern",
                    "text": "One could know whose story was told.",
                    "session_id": "018f0000-0000-7000-8000-000000000001",
                }
            ]
        }
    )

    session_id: UUID


class ConcernTaken(BaseModel):
    """A concern that was raised. Whoever raised it need not do anything more."""

    concern_id: UUID


@router.post("/sessions/{session_id}/concerns", status_code=201, response_model=ConcernTaken)
async def raise_concern(  # noqa: PLR0913 - what a creating route asks for
    session_id: UUID, form: RaiseConcern, database: Store, *, asked: Asked, caller: Who, now: Now
) -> Response:
    """Say what troubled you at a session. Nobody but a coordinator hears of it."""
    use_case = partial(_raise, session_id=session_id, form=form, person_id=caller.sub, now=now)
    return await once(database, asked, use_case)


@router.post("/b/{token}/concerns", status_code=201, response_model=ConcernTaken)
async def raise_concern_by_link(
    token: Annotated[str, Path(description="The token of one booking, from its letter")],
    form: RaiseConcernByLink,
    here: Here,
    asked: Asked,
    now: Now,
) -> Response:
    """Say what troubled you at a session, by the link of your booking."""
    booking_id = booking_of(here.settings.secret("link_key").encode(), token)
    if booking_id is None:
        raise NotFound
    use_case = partial(_raise_by_link, booking_id=booking_id, form=form, now=now)
    return await once(here.database, asked, use_case)


async def _raise_by_link(
    conn: Conn, *, booking_id: UUID, form: RaiseConcernByLink, now: datetime
) -> Answer:
    person_id: UUID | None = await conn.fetchval(
        "SELECT person_id FROM place WHERE booking_id = $1 AND session_id = $2",
        booking_id,
        form.session_id,
    )
    if person_id is None:
        fault = Fault("/session_id", "unknown-session", "You did not book this session.")
        raise Refused(errors=[fault])
    return await _raise(conn, session_id=form.session_id, form=form, person_id=person_id, now=now)


async def _raise(
    conn: Conn, *, session_id: UUID, form: RaiseConcern, person_id: UUID | None, now: datetime
) -> Answer:
    concern_id = uuid7()
    reporter = None if form.anonymous else person_id
    if not await _is_public(conn, session_id):
        raise NotFound
    await conn.execute(
        """
        INSERT INTO concern (concern_id, session_id, kind, text, person_id, raised_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        concern_id,
        session_id,
        form.kind,
        form.text,
        reporter,
        now,
    )
    await outbox.add(conn, ConcernRaised(concern_id=concern_id, kind=form.kind))
    return Answer.of(ConcernTaken(concern_id=concern_id))


async def _is_public(conn: Conn, session_id: UUID) -> bool:
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM session JOIN learning_event AS event USING (learning_event_id)
                        WHERE session_id = $1 AND event.published_at IS NOT NULL)
        """,
        session_id,
    )
    return found
