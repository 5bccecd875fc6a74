"""Who has an account of the hub."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, StringConstraints

from pdu_resources import taxonomy
from pdu_resources.rules.project_year import local_date
from pdu_shared import outbox
from pdu_shared.contracts.resources import ContactPointChanged, MemberRegistered
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id
from pdu_shared.persons import persons_of
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Here, Now, Runtime

log = structlog.get_logger()
router = APIRouter(tags=["members"])

Listed = Annotated[str, StringConstraints(max_length=64)]
"""A word of a list, checked against the list."""


class Registration(Form):
    """Somebody asks for an account."""

    name: OneLine
    email: EmailAddress
    sector: Listed
    work_field: Listed
    role_level: Listed
    area: Listed
    organisation: OneLine | None = None


class Registered(BaseModel):
    """The account is there. It does not tell whether it was there before."""

    state: Literal["registered"] = "registered"


@router.post("/members", status_code=201, response_model=Registered)
async def register_member(
    registration: Registration, asked: Asked, here: Here, now: Now
) -> Response:
    """Register a member of the hub."""
    use_case = partial(register, registration=registration, here=here, now=now)
    return await once(here.database, asked, use_case)


async def register(
    conn: Conn, *, registration: Registration, here: Runtime, now: datetime
) -> Answer:
    """Keep a new member, and tell of them. Somebody who is a member already stays as they are.

    The answer is the same for both: it must not tell a stranger whose addresses we know. Raises
    Refused for words that are in no list.
    """
    if faults := _faults(registration, await taxonomy.codes(conn)):
        raise Refused(errors=faults)
    [person_id] = await persons_of(conn, here.person_key, [registration.email])
    # Sealed before we know whether it is needed: otherwise the time taken would tell.
    contact_point = outbox.sealed(_contact_point(registration, person_id), here.sealer)
    if await _insert_member(conn, person_id, registration, now):
        await outbox.add(conn, contact_point, _registered(registration, person_id, local_date(now)))
        log.info("registered", person_id=str(person_id))
    else:
        log.info("registered before", person_id=str(person_id))
    return Answer.of(Registered())


def _faults(registration: Registration, lists: Mapping[str, Sequence[str]]) -> list[Fault]:
    return [
        Fault(f"/{field}", "unknown-code", f"Possible are: {', '.join(codes)}.")
        for field, codes in lists.items()
        if getattr(registration, field) not in codes
    ]


def _contact_point(registration: Registration, person_id: UUID) -> ContactPointChanged:
    return ContactPointChanged(
        person_id=person_id,
        channel=Channel.EMAIL,
        address=registration.email,
        name=registration.name,
        verified=False,
    )


def _registered(registration: Registration, person_id: UUID, day: date) -> MemberRegistered:
    name = registration.organisation
    return MemberRegistered(
        person_id=person_id,
        organisation_id=organisation_id(name) if name else None,
        sector=registration.sector,
        work_field=registration.work_field,
        role_level=registration.role_level,
        area=registration.area,
        registered_on=day,
    )


async def _insert_member(
    conn: Conn, person_id: UUID, registration: Registration, now: datetime
) -> bool:
    """Whether they were new."""
    inserted = await conn.fetchval(
        """
        INSERT INTO member (person_id, name, address, organisation, sector, work_field, role_level,
                            area, registered_at, registered_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (person_id) DO NOTHING
        RETURNING true
        """,
        person_id,
        registration.name,
        registration.email,
        registration.organisation,
        registration.sector,
        registration.work_field,
        registration.role_level,
        registration.area,
        now,
        local_date(now),
    )
    return bool(inserted)
