"""A team books: several people in one request, each with a booking and a letter of their own."""

from dataclasses import replace
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pdu_bookings.category import Categories
from pdu_bookings.place.also_told import Also
from pdu_bookings.place.asked import BookingForms
from pdu_bookings.place.asking import Ask, AskForPlace
from pdu_bookings.place.several import Outcome, ask_several
from pdu_shared.access import Who
from pdu_shared.bus import current_thread
from pdu_shared.contracts.vocabulary import BookingChannel
from pdu_shared.database import transaction
from pdu_shared.forms import Form
from pdu_shared.idempotency import Asked, begin
from pdu_shared.identity import canonical_address
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Here, Runtime

router = APIRouter(tags=["bookings"])


class AskForTeam(Form):
    """Those of a team who want to come, in the order in which they shall be answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "people": [
                        {
                            "name": "Alan a Dale",
                            "email": "alan@example.org",
                            "sector": "voluntary",
                            "work_field": "housing_homelessness",
                            "role_level": "front_line",
                            "area": "nottingham_city",
                        }
                    ]
                }
            ]
        }
    )

    people: Annotated[tuple[AskForPlace, ...], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _is_nobody_twice(self) -> Self:
        if len({canonical_address(one.email) for one in self.people}) < len(self.people):
            msg = "Each of them has an e-mail address of their own."
            raise ValueError(msg)
        return self


class TeamAnswer(BaseModel):
    """What each of a team received, in the order of the request."""

    people: list[Outcome]


@router.post("/learning-events/{learning_event_id}/team-bookings", status_code=201)
async def ask_for_team(
    learning_event_id: UUID, form: AskForTeam, asked: Asked, runtime: Here, caller: Who
) -> TeamAnswer:
    """Ask for places for several people at once. Some may get one and others wait."""
    told = await _checked(runtime, learning_event_id, form)
    async with transaction(runtime.database) as conn:
        await begin(conn, asked, "team")
    asks = [
        Ask(
            learning_event_id,
            one.person(),
            asked.part(place),
            current_thread(),
            replace(also, asked_by=caller.sub),
            BookingChannel.TEAM,
        )
        for place, (one, also) in enumerate(zip(form.people, told, strict=True))
    ]
    return TeamAnswer(people=await ask_several(runtime, asks))


async def _checked(runtime: Runtime, learning_event_id: UUID, form: AskForTeam) -> list[Also]:
    """What each of them told besides. Raises Refused with all that is wrong with any of them."""
    told: list[Also] = []
    faults: list[Fault] = []
    for place, one in enumerate(form.people):
        pointer = f"/people/{place}"
        said = [(pointer + field, scheme, code) for field, scheme, code in one.said()]
        try:
            await runtime.part(Categories).check(said)
            told.append(
                await runtime.part(BookingForms).check(learning_event_id, one, pointer=pointer)
            )
        except Refused as no:
            faults += no.errors
    if faults:
        raise Refused(errors=faults)
    return told
