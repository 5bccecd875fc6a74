"""Who has an account of the hub."""

from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from pdu_resources.member.account import account_at
from pdu_resources.member.code import Holder, Purpose, Try, TypedCode, count_try, redeem, send_code
from pdu_resources.member.description import (
    Interests,
    Profile,
    contact_point_of,
    faults_in,
    faults_in_interests,
    member_registered,
    once_each,
    profile_changed,
)
from pdu_resources.rules.code import VALID_FOR
from pdu_resources.rules.project_year import local_date
from pdu_resources.vocabulary import taxonomy
from pdu_shared import outbox
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id
from pdu_shared.problems import Conflict, Refused
from pdu_shared.runtime import Here, Now, Runtime

log = structlog.get_logger()
router = APIRouter(tags=["members"])


class AddressToProve(Form):
    """Where a code is to be sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "alan@example.org"}]})

    email: EmailAddress


class CodeSent(BaseModel):
    """A code is on its way. The id is for whoever asked, and nobody else."""

    code_id: UUID
    expires_at: datetime


class Registration(Profile, TypedCode):
    """Somebody asks for an account, and has been sent a code to their address."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code_id": "6a1f0c52-0f6c-4b06-9a3e-5d9e3c2b7a10",
                    "code": "483 920",
                    "name": "Alan a Dale",
                    "sector": "voluntary",
                    "work_field": "housing_homelessness",
                    "role_level": "front_line",
                    "area": "nottingham_city",
                    "organisation": "Sherwood Housing",
                    "interests": ["housing", "women"],
                }
            ]
        }
    )

    name: OneLine
    interests: Interests = ()


class Registered(BaseModel):
    """The account is there. It does not tell whether it was there before."""

    state: Literal["registered"] = "registered"


@router.post("/members/codes", status_code=201, response_model=CodeSent)
async def ask_for_code(form: AddressToProve, asked: Asked, here: Here, now: Now) -> Response:
    """Have a code sent, with which somebody registers. Alike for known and unknown addresses."""
    return await once(here.database, asked, partial(_send, form=form, here=here, now=now))


@router.post("/members", status_code=201, response_model=Registered)
async def register_member(
    registration: Registration, asked: Asked, here: Here, now: Now
) -> Response:
    """Register a member of the hub, who has shown that they read the mail of their address."""
    attempt = await count_try(here.database, registration)
    use_case = partial(register, registration=registration, attempt=attempt, here=here, now=now)
    return await once(here.database, asked, use_case)


async def register(
    conn: Conn, *, registration: Registration, attempt: Try, here: Runtime, now: datetime
) -> Answer:
    """Keep a new member, and tell of them. Somebody who is a member already stays as they are.

    Of a member from records of the past only now is it known how to reach them; whoever had left
    is back. Raises Refused for words that are in no list, with which the code stays good, and for
    a code that is not; Conflict for an address that an account had before it moved to another.
    """
    faults = faults_in(registration, await taxonomy.codes(conn))
    faults += await faults_in_interests(conn, registration.interests)
    if faults:
        raise Refused(errors=faults)
    holder = await redeem(conn, here.person_key, attempt, Purpose.SIGN_UP, now)
    kept = None if await account_at(conn, holder) else await _keep(conn, holder, registration, now)
    if kept:
        await _tell(conn, kept, holder, registration, here)
    elif not await account_at(conn, holder):
        raise Conflict("An account that was at this address has moved: sign in at its new one.")
    log.info("registered", anew=bool(kept), address_id=str(holder.person_id))
    return Answer.of(Registered())


async def _send(conn: Conn, *, form: AddressToProve, here: Runtime, now: datetime) -> Answer:
    code_id = await send_code(conn, here.person_key, form.email, Purpose.SIGN_UP, now)
    return Answer.of(CodeSent(code_id=code_id, expires_at=now + VALID_FOR))


async def _tell(
    conn: Conn, kept: asyncpg.Record, holder: Holder, registration: Registration, here: Runtime
) -> None:
    """Tell how to reach them, and who they are; of whoever was there before, that this changed."""
    contact_point = contact_point_of(kept["person_id"], registration.name, holder.address)
    tell = member_registered if kept["version"] == 1 else profile_changed
    who = tell(registration, kept["person_id"], kept["day"], registration.interests)
    await outbox.add(conn, outbox.sealed(contact_point, here.sealer), who)


async def _keep(
    conn: Conn, holder: Holder, registration: Registration, now: datetime
) -> asyncpg.Record | None:
    """Keep an account at this address; its id and version. None where one is, or was.

    Without a name it may be taken: it is from records of the past, or its member had left.
    """
    return await conn.fetchrow(
        """
        WITH earlier AS (
            INSERT INTO earlier_profile (person_id, version, organisation, sector, work_field,
                                         role_level, area, interests, since, until)
            SELECT person_id, version, organisation, sector, work_field, role_level, area,
                   interests, coalesce(changed_at, registered_at), $10
              FROM member
             WHERE coalesce(address_id, person_id) = $1 AND name IS NULL
               AND coalesce(changed_at, registered_at) <= $10)
        INSERT INTO member AS kept (person_id, name, address, organisation, sector, work_field,
                                    role_level, area, interests, registered_at, registered_on,
                                    organisation_id)
        VALUES (coalesce((SELECT person_id FROM member WHERE coalesce(address_id, person_id) = $1),
                         $1), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (person_id) DO UPDATE
           SET name = excluded.name, address = excluded.address,
               organisation = excluded.organisation, sector = excluded.sector,
               work_field = excluded.work_field, role_level = excluded.role_level,
               area = excluded.area, interests = excluded.interests,
               organisation_id = excluded.organisation_id,
               version = kept.version + 1, changed_at = $10, closed_at = NULL
         WHERE kept.name IS NULL
        RETURNING person_id, version, $11::date AS day
        """,
        holder.person_id,
        registration.name,
        holder.address,
        registration.organisation,
        registration.sector,
        registration.work_field,
        registration.role_level,
        registration.area,
        once_each(registration.interests),
        now,
        local_date(now),
        organisation_id(registration.organisation) if registration.organisation else None,
    )
