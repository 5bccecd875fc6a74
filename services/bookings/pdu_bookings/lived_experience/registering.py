"""The register of experts by experience: kept by the ambassadors who support them."""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from pdu_bookings.lived_experience.contact import Contact, ContactWay
from pdu_bookings.lived_experience.expert import ExpertSeen, seen
from pdu_bookings.lived_experience.expert_rows import Expert, insert_expert
from pdu_shared.access import Caller, Who
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import random_person_id
from pdu_shared.persons import persons_of
from pdu_shared.problems import Forbidden
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["lived experience"])


class RegisterExpert(Contact):
    """An expert whom the caller supports from now on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"preferred_name": "Will", "contact_way": "via_ambassador"},
                {
                    "preferred_name": "Marian",
                    "contact_way": "email",
                    "reach": "marian@example.org",
                    "email": "marian@example.org",
                },
            ]
        }
    )

    email: EmailAddress | None = Field(
        default=None, description="The address they sign in with, if they do; it is not kept"
    )


@router.post("/lived-experience/experts", status_code=201, response_model=ExpertSeen)
async def register(
    form: RegisterExpert, runtime: Here, asked: Asked, caller: Who, now: Now
) -> Response:
    """Take somebody into the register, whom the caller supports from now on."""
    use_case = partial(_register, runtime=runtime, form=form, caller=caller, now=now)
    return await once(runtime.database, asked, use_case)


async def _register(
    conn: Conn, *, runtime: Runtime, form: RegisterExpert, caller: Caller, now: datetime
) -> Answer:
    if caller.sub is None:
        raise Forbidden("Only a person can support an expert.")
    expert = Expert(
        expert_id=uuid4(),
        person_id=await _person(conn, runtime.person_key, form),
        preferred_name=form.preferred_name,
        contact_way=form.contact_way,
        reach=form.reach,
        ambassador_id=caller.sub,
    )
    await insert_expert(conn, expert, now)
    [found] = await seen(conn, [expert])
    return Answer.of(found)


async def _person(conn: Conn, key: bytes, form: RegisterExpert) -> UUID:
    by_mail = form.reach if form.contact_way is ContactWay.EMAIL else None
    if known_by := form.email or by_mail:
        [person_id] = await persons_of(conn, key, [known_by])
        return person_id
    return random_person_id()
