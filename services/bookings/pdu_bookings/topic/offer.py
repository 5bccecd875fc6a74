"""People offer to speak or to facilitate."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.category import Categories
from pdu_bookings.rules.speaker import OfferState, offer_forgotten_on
from pdu_shared import outbox
from pdu_shared.contracts.bookings.topic import SpeakerOffered
from pdu_shared.contracts.bookings.topic_words import SpeakerRole
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, Form, OneLine, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.local_time import local_day
from pdu_shared.persons import persons_of
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["speakers"])


class OfferToSpeak(Form):
    """Who offers what."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Alan a Dale",
                    "email": "alan@example.org",
                    "role": "facilitator",
                    "organisation": "Sherwood Housing",
                    "workstreams": ["housing"],
                    "offer": "Ten years of work with people who hoard; happy to run a workshop.",
                }
            ]
        }
    )

    name: OneLine
    email: EmailAddress
    role: SpeakerRole
    organisation: OneLine | None = None
    workstreams: Annotated[tuple[Code, ...], Field(max_length=10)] = ()
    offer: Paragraphs = Field(
        description="What you would like to share. Read by coordinators only, and deleted with "
        "your name and address 28 days after our answer, or after a year."
    )


class OfferReceived(BaseModel):
    """An offer that came in."""

    offer_id: UUID
    state: OfferState


@router.post("/speaker-offers", status_code=201, response_model=OfferReceived)
async def offer(form: OfferToSpeak, here: Here, asked: Asked, now: Now) -> Response:
    """Offer to speak, or to facilitate. Anybody may."""
    await here.part(Categories).check(
        [
            (f"/workstreams/{place}", "workstream", code)
            for place, code in enumerate(form.workstreams)
        ]
    )
    return await once(here.database, asked, partial(_offer, form=form, here=here, now=now))


async def _offer(conn: Conn, *, form: OfferToSpeak, here: Runtime, now: datetime) -> Answer:
    offer_id = uuid7()
    [person_id] = await persons_of(conn, here.person_key, [form.email])
    organisation = organisation_id(form.organisation) if form.organisation else None
    await _insert(conn, offer_id, organisation, form, now)
    await _insert_contact(conn, offer_id, person_id, form, now)
    offered = SpeakerOffered(offer_id=offer_id, role=form.role, organisation_id=organisation)
    await outbox.add(conn, offered)
    return Answer.of(OfferReceived(offer_id=offer_id, state=OfferState.RECEIVED))


async def _insert(
    conn: Conn, offer_id: UUID, organisation: UUID | None, form: OfferToSpeak, now: datetime
) -> None:
    await conn.execute(
        """
        INSERT INTO speaker_offer (offer_id, role, workstreams, organisation_id, state, offered_at)
        VALUES ($1, $2, $3, $4, 'received', $5)
        """,
        offer_id,
        form.role,
        form.workstreams,
        organisation,
        now,
    )


async def _insert_contact(
    conn: Conn, offer_id: UUID, person_id: UUID, form: OfferToSpeak, now: datetime
) -> None:
    await conn.execute(
        """
        INSERT INTO speaker_offer_contact (offer_id, person_id, name, address, organisation, offer,
                                           purge_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        offer_id,
        person_id,
        form.name,
        form.email,
        form.organisation,
        form.offer,
        offer_forgotten_on(local_day(now), answered=False),
    )
