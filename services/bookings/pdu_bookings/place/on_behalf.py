"""Somebody books for somebody else, who may have neither a computer nor an e-mail address."""

from dataclasses import replace
from typing import Literal, Self
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field, model_validator

from pdu_bookings.category import Categories
from pdu_bookings.place.asked import BookingForms
from pdu_bookings.place.asking import Ask, BookingAnswer, Newcomer, Person
from pdu_bookings.place.desk import Desk
from pdu_shared.access import Role, caller
from pdu_shared.bus import current_thread
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import BookingChannel, Channel
from pdu_shared.direct import DirectRoute
from pdu_shared.forms import EmailAddress, OneLine, PhoneNumber, PostalAddress
from pdu_shared.idempotency import Asked
from pdu_shared.phone import takes_texts
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import runtime_of

router = APIRouter(tags=["bookings"], route_class=DirectRoute)


class AskOnBehalf(Newcomer):
    """Who wants to come, and how to reach them: by e-mail, or by telephone or through somebody."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Much the Miller",
                    "phone": "0115 496 0000",
                    "reach": "through the day centre",
                    "wishes": "phone",
                    "channel": "telephone",
                    "sector": "voluntary",
                    "work_field": "housing_homelessness",
                    "role_level": "volunteer",
                    "area": "nottingham_city",
                }
            ]
        }
    )

    channel: Literal["telephone", "email", "in_person"] = Field(description="How they asked")
    email: EmailAddress | None = None
    reach: OneLine | None = Field(
        None,
        description="Through whom they are reached. Deleted like names",
    )
    phone: PhoneNumber | None = None
    postal_address: PostalAddress | None = None
    wishes: Channel | None = Field(
        None, description="How they wish to hear from us: one of the ways that are given"
    )
    admitted_because: Code | None = Field(
        None,
        description="For a coordinator: why they come, though the event is meant for others. "
        "A word for figures",
    )

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        leads = {
            Channel.EMAIL: self.email,
            Channel.SMS: self.phone if takes_texts(self.phone or "") else None,
            Channel.PHONE: self.phone or self.reach,
            Channel.POST: self.postal_address,
        }
        if not any(leads.values()):
            msg = "Say how to reach them: by e-mail, by telephone, on paper or through somebody."
            raise ValueError(msg)
        if self.wishes and not leads[self.wishes]:
            msg = "Say where to reach them in the way that they wish; texts need a mobile."
            raise ValueError(msg)
        return self

    def person(self) -> Person:
        """The person as bookings keeps them."""
        return replace(
            self.reached_by(self.email, self.reach),
            phone=self.phone,
            postal_address=self.postal_address,
            wishes=self.wishes,
        )


@router.post(
    "/learning-events/{learning_event_id}/bookings/on-behalf",
    status_code=201,
    response_model=BookingAnswer,
)
async def ask_on_behalf(
    learning_event_id: UUID, form: AskOnBehalf, asked: Asked, request: Request
) -> Response:
    """Ask for a place for somebody else. Without an e-mail address they are told another way.

    By text message where they have a mobile, else by whoever works through `GET /contact-tasks`.
    Whoever has no address is somebody new each time: two requests are two people.
    """
    runtime = await runtime_of(request)
    by = await caller(request)
    if form.admitted_because and not by.has(Role.COORDINATOR):
        words = "A coordinator decides on whom an event is not meant for: ask without this."
        raise Refused(errors=[Fault("/admitted_because", "not-yours", words)])
    await runtime.part(Categories).check(form.said())
    also = await runtime.part(BookingForms).check(learning_event_id, form)
    ask = Ask(
        learning_event_id,
        form.person(),
        asked,
        current_thread(),
        replace(also, asked_by=by.sub, admitted=form.admitted_because),
        BookingChannel(form.channel),
    )
    return (await runtime.part(Desk).ask(ask)).response()
