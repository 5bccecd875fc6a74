"""How somebody wishes to hear from us, as they told a coordinator."""

from typing import Self
from uuid import UUID

import structlog
from fastapi import APIRouter
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from pdu_notifications import contact_way
from pdu_notifications.address_book import wake_letters
from pdu_notifications.contact_way import ContactWay
from pdu_notifications.same_person import ids_of
from pdu_shared import reads
from pdu_shared.access import Who
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine, PhoneNumber, PostalAddress
from pdu_shared.identity import uuid7
from pdu_shared.phone import takes_texts
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["letters"])

READ, WHY = "contact_way", "keeping"


class HowToReach(Form):
    """How somebody wishes to hear from us, and where that leads."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"wishes": "email"},
                {"wishes": "sms", "phone": "07700 900123"},
                {"wishes": "phone", "through": "the day centre in Sneinton"},
                {"wishes": "post", "postal_address": "12 Mapperley Road\nNottingham\nNG3 5AA"},
            ]
        }
    )

    wishes: Channel
    phone: PhoneNumber | None = None
    through: OneLine | None = Field(None, description="Through whom, where nobody has a number")
    postal_address: PostalAddress | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.way().lacks():
            msg = "Say where to reach them in the way that they wish."
            raise ValueError(msg)
        if self.wishes is Channel.SMS and not takes_texts(self.phone or ""):
            msg = "A text message needs the number of a mobile."
            raise ValueError(msg)
        return self

    def way(self) -> ContactWay:
        """As it is kept."""
        return ContactWay(**dict(self))


class Reached(BaseModel):
    """How somebody wishes to hear from us, and where that leads."""

    wishes: Channel
    phone: str | None = None
    through: str | None = None
    postal_address: str | None = None


@router.get("/persons/{person_id}/contact-way")
async def read_contact_way(person_id: UUID, database: Store, caller: Who, now: Now) -> Reached:
    """How somebody wishes to hear from us: by e-mail, unless they said otherwise.

    Each look is written down.
    """
    async with transaction(database) as conn:
        ids = await ids_of(conn, person_id)
        await _name(conn, ids)
        found = await contact_way.contact_way(conn, ids)
        await reads.note(conn, caller, kind=READ, of_ids=[person_id], why=WHY, now=now)
    return Reached.model_validate(found or ContactWay(wishes=Channel.EMAIL), from_attributes=True)


@router.put("/persons/{person_id}/contact-way")
async def choose_contact_way(
    person_id: UUID, chosen: HowToReach, database: Store, caller: Who, now: Now
) -> Reached:
    """Write to somebody the way that they wish from now on; what waits for them goes that way.

    Lists, such as the bulletin, go by e-mail only. 404 for somebody who is not known.
    """
    async with transaction(database) as conn:
        ids = await ids_of(conn, person_id)
        name = await _name(conn, ids)
        way = chosen.way()
        await contact_way.keep(conn, person_id, way, name=name, told_by=uuid7(), now=now)
        await reads.note(conn, caller, kind=READ, of_ids=[person_id], why=WHY, now=now)
        await wake_letters(conn, person_id)
    log.info("contact way chosen", wishes=chosen.wishes)
    return Reached.model_validate(way, from_attributes=True)


async def _name(conn: Conn, ids: object) -> str:
    """What they are called. Raises NotFound for somebody who is not known."""
    name: str | None = await conn.fetchval(
        """
        SELECT name FROM contact_point WHERE person_id = ANY ($1::uuid[])
         UNION ALL
        SELECT name FROM contact_way WHERE person_id = ANY ($1::uuid[])
         LIMIT 1
        """,
        ids,
    )
    if name is None:
        raise NotFound
    return name
