"""A member books: what the hub knows of them already, nobody asks again."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict

from pdu_bookings.category import Categories
from pdu_bookings.place.asked import BookingForms
from pdu_bookings.place.asking import Ask, AskForPlace, BookingAnswer, Coming
from pdu_bookings.place.desk import Desk
from pdu_bookings.place.profile import Profile, profile_of
from pdu_shared.access import Who
from pdu_shared.bus import current_thread
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, OneLine
from pdu_shared.idempotency import Asked
from pdu_shared.persons import persons_of
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Here

router = APIRouter(tags=["bookings"])

KNOWN = ("sector", "work_field", "role_level", "area")


class AskAsMember(Coming):
    """What a member tells. What is not named is as in their profile, or as they last booked."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Alan a Dale", "email": "alan@example.org"}]}
    )

    email: EmailAddress
    sector: Code | None = None
    work_field: Code | None = None
    role_level: Code | None = None
    area: Code | None = None
    organisation: OneLine | None = None

    def completed(self, known: Profile) -> AskForPlace:
        """The request as a visitor would have made it. Raises Refused for what nobody told yet."""
        who = {field: getattr(self, field) or getattr(known, field) for field in KNOWN}
        words = "Your profile does not say this: say it here."
        if faults := [Fault(f"/{field}", "missing", words) for field in KNOWN if not who[field]]:
            raise Refused(errors=faults)
        said = {field: getattr(self, field) for field in self.model_fields_set}
        return AskForPlace.model_validate({"organisation": known.organisation, **said, **who})


@router.post(
    "/learning-events/{learning_event_id}/bookings/own",
    status_code=201,
    response_model=BookingAnswer,
)
async def ask_as_member(
    learning_event_id: UUID, form: AskAsMember, asked: Asked, here: Here, caller: Who
) -> Response:
    """Ask for a place for oneself, signed in: name and address are enough, the rest is known.

    The address is the one that they sign in with. Who else may come books without signing in.
    """
    async with here.database.pool.acquire(timeout=5) as conn:
        await _check_own(conn, here.person_key, form.email, caller.sub)
        known = await profile_of(conn, caller.sub)
    full = form.completed(known)
    await here.part(Categories).check(full.said())
    also = await here.part(BookingForms).check(learning_event_id, full)
    person = full.person(None if "organisation" in form.model_fields_set else known.organisation_id)
    ask = Ask(learning_event_id, person, asked, current_thread(), also)
    return (await here.part(Desk).ask(ask)).response()


async def _check_own(conn: Conn, key: bytes, email: str, person_id: UUID | None) -> None:
    """Raise Refused for an address that is not the caller's, under whatever id it is known."""
    [named] = await persons_of(conn, key, [email])
    same = await conn.fetchval(
        """
        SELECT coalesce((SELECT kept_id FROM person_alias WHERE merged_id = $1), $1)
             = coalesce((SELECT kept_id FROM person_alias WHERE merged_id = $2), $2)
        """,
        named,
        person_id,
    )
    if not same:
        words = "Book with the address that you sign in with."
        raise Refused(errors=[Fault("/email", "not-yours", words)])
