"""A coordinator reads offers to speak, shortlists, declines, matches them to sessions, answers."""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.rules.speaker import OfferState, may_become, offer_forgotten_on
from pdu_bookings.topic.assigning import Ask, Assignments, assign
from pdu_bookings.topic.backlog import After, Limit
from pdu_shared import outbox
from pdu_shared.contracts.bookings.topic import SpeakerAnswered
from pdu_shared.contracts.bookings.topic_words import SpeakerRole
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Runtime, Store

router = APIRouter(tags=["speakers"])


class Offer(BaseModel):
    """An offer as a coordinator sees it. Who made it, and the words, are forgotten in time."""

    offer_id: UUID
    role: SpeakerRole
    workstreams: list[str]
    state: OfferState
    name: str | None
    organisation: str | None
    offer: str | None
    offered_at: datetime


class Offers(BaseModel):
    """One page of offers. `next` goes into `after` for the following page."""

    items: list[Offer]
    next: UUID | None


class Triage(Form):
    """What is to become of an offer."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "shortlisted"}]})

    state: Literal[OfferState.SHORTLISTED, OfferState.DECLINED]


class MatchOffer(Form):
    """The sessions that whoever offered is invited to."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"session_ids": ["018f0000-0000-7000-8000-000000000001"]}]}
    )

    session_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)]
    role: SpeakerRole | None = Field(default=None, description="If not the one that was offered")


class AnswerOffer(Form):
    """What whoever offered is told."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Thank you. May we come back to it in spring?"}]}
    )

    text: Paragraphs = Field(description="Sent as a letter, and not kept")


@router.get("/speaker-offers")
async def offers(
    database: Store,
    after: After = None,
    limit: Limit = 20,
    state: Annotated[OfferState | None, Query(description="Only those in this state")] = None,
) -> Offers:
    """The offers to speak or to facilitate, newest first."""
    rows = await database.pool.fetch(
        """
        SELECT offer_id, role, workstreams, state, name, organisation, offer, offered_at
          FROM speaker_offer LEFT JOIN speaker_offer_contact USING (offer_id)
         WHERE ($1::uuid IS NULL OR offer_id < $1)
           AND ($2::text IS NULL OR state = $2)
         ORDER BY offer_id DESC
         LIMIT $3
        """,
        after,
        state,
        limit + 1,
    )
    items = [Offer(**row) for row in rows[:limit]]
    return Offers(items=items, next=items[-1].offer_id if len(rows) > limit else None)


@router.put("/speaker-offers/{offer_id}/triage", status_code=204)
async def triage(offer_id: UUID, form: Triage, database: Store) -> Response:
    """Shortlist an offer or decline it. Doing it twice is doing it once."""
    async with transaction(database) as conn:
        offer = await _lock(conn, offer_id)
        if offer["state"] != form.state:
            await _become(conn, offer, form.state)
    return Response(status_code=204)


@router.post("/speaker-offers/{offer_id}/matches", status_code=201, response_model=Assignments)
async def match(offer_id: UUID, form: MatchOffer, here: Here, asked: Asked, now: Now) -> Response:
    """Invite whoever offered to these sessions. Each invitation goes out as a letter of its own."""
    use_case = partial(_match, offer_id=offer_id, form=form, here=here, now=now)
    return await once(here.database, asked, use_case)


@router.put("/speaker-offers/{offer_id}/answer", status_code=204)
async def answer(offer_id: UUID, form: AnswerOffer, here: Here, now: Now) -> Response:
    """Answer whoever offered, by letter. Once only: an answered offer changes no more."""
    async with transaction(here.database) as conn:
        offer = await _lock(conn, offer_id)
        _refuse_forgotten(offer)
        await _become(conn, offer, OfferState.ANSWERED)
        await conn.execute(
            "UPDATE speaker_offer_contact SET purge_on = $2 WHERE offer_id = $1",
            offer_id,
            offer_forgotten_on(local_day(now), answered=True),
        )
        answered = SpeakerAnswered(
            offer_id=offer_id,
            person_id=offer["person_id"],
            channel=Channel.EMAIL,
            address=offer["address"],
            name=offer["name"],
            answer=form.text,
        )
        await outbox.add(conn, outbox.sealed(answered, here.sealer))
    return Response(status_code=204)


async def _match(
    conn: Conn, *, offer_id: UUID, form: MatchOffer, here: Runtime, now: datetime
) -> Answer:
    offer = await _lock(conn, offer_id)
    _refuse_forgotten(offer)
    await _become(conn, offer, OfferState.MATCHED)
    asks = [
        Ask(
            session_id=session_id,
            role=form.role or SpeakerRole(offer["role"]),
            name=offer["name"],
            email=offer["address"],
            organisation=offer["organisation"],
            offer_id=offer_id,
            pointer=f"/session_ids/{place}",
        )
        for place, session_id in enumerate(form.session_ids)
    ]
    return Answer.of(await assign(conn, asks, here, now=now))


def _refuse_forgotten(offer: asyncpg.Record) -> None:
    if offer["address"] is None:
        raise Conflict("Who made this offer has been forgotten, as was promised.")


async def _become(conn: Conn, offer: asyncpg.Record, state: OfferState) -> None:
    if not may_become(OfferState(offer["state"]), state):
        raise Conflict(f"An offer that is {offer['state']} cannot become {state}.")
    await conn.execute(
        "UPDATE speaker_offer SET state = $2 WHERE offer_id = $1", offer["offer_id"], state
    )


async def _lock(conn: Conn, offer_id: UUID) -> asyncpg.Record:
    row = await conn.fetchrow(
        """
        SELECT offer_id, role, state, person_id, name, address, organisation
          FROM speaker_offer LEFT JOIN speaker_offer_contact USING (offer_id)
         WHERE offer_id = $1
           FOR UPDATE OF speaker_offer
        """,
        offer_id,
    )
    if row is None:
        raise NotFound
    return row
