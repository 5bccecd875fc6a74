"""What is known of a member who books again, so that nobody is asked twice."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.place.profile import profile_of
from pdu_shared.access import Who
from pdu_shared.contracts.message import Code
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["bookings"])


class BookingDetails(BaseModel):
    """Who somebody is: what a form can offer them again."""

    sector: Code
    work_field: Code
    role_level: Code
    area: Code
    organisation: str | None
    organisation_id: UUID | None = Field(
        description="Also where only the online hub knows what it is called"
    )


@router.get("/own/booking-details")
async def own_booking_details(database: Store, caller: Who) -> BookingDetails:
    """What the caller's profile says, or else what they told the last time they booked.

    404 when they did neither. `POST /learning-events/{learning_event_id}/bookings/own` takes all of
    it as known.
    """
    async with database.pool.acquire(timeout=5) as conn:
        known = await profile_of(conn, caller.sub)
    if known.sector is None:
        raise NotFound
    return BookingDetails.model_validate(known, from_attributes=True)
