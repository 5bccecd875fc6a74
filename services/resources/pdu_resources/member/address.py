"""An account moves to another address, of which its member has shown that they read the mail."""

from datetime import datetime
from functools import partial
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter, Response
from pydantic import ConfigDict

from pdu_resources.member.account import Account, own_account
from pdu_resources.member.code import Holder, Purpose, TypedCode, count_try, redeem, send_code
from pdu_resources.member.description import contact_point_of
from pdu_resources.member.merge import same_person_from_now_on
from pdu_resources.member.profile import OwnProfile, shown
from pdu_resources.member.registration import AddressToProve, CodeSent
from pdu_resources.rules.code import VALID_FOR
from pdu_shared import outbox
from pdu_shared.access import Caller, Who
from pdu_shared.database import Conn, transaction
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Here, Now, Runtime

log = structlog.get_logger()
router = APIRouter(tags=["members"])

BASIS = "new_address"
"""How it is known that both addresses are of one person."""


class NewAddress(TypedCode):
    """The code that came to the new address."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code_id": "6a1f0c52-0f6c-4b06-9a3e-5d9e3c2b7a10", "code": "483920"}]
        }
    )


@router.post("/members/me/address-codes", status_code=201, response_model=CodeSent)
async def ask_to_move(
    form: AddressToProve, asked: Asked, here: Here, caller: Who, now: Now
) -> Response:
    """Have a code sent to the address that one's account is to move to."""
    use_case = partial(_send, form=form, here=here, caller=caller, now=now)
    return await once(here.database, asked, use_case)


@router.put("/members/me/address")
async def move(
    form: NewAddress, here: Here, caller: Who, now: Now, response: Response
) -> OwnProfile:
    """Move one's account to the address that the code came to: letters go there from now on.

    What was booked under either address is of one person. The old address opens nothing any more.
    409 when another account is at the new address.
    """
    attempt = await count_try(here.database, form)
    try:
        async with transaction(here.database) as conn:
            before = await own_account(conn, caller)
            holder = await redeem(conn, here.person_key, attempt, Purpose.NEW_ADDRESS, now)
            await _move(conn, before, holder, here, now)
            after = await own_account(conn, caller)
    except asyncpg.UniqueViolationError:
        raise Conflict("Another account is at this address.") from None
    return shown(after, response)


async def _send(
    conn: Conn, *, form: AddressToProve, here: Runtime, caller: Caller, now: datetime
) -> Answer:
    await own_account(conn, caller)
    code_id = await send_code(conn, here.person_key, form.email, Purpose.NEW_ADDRESS, now)
    return Answer.of(CodeSent(code_id=code_id, expires_at=now + VALID_FOR))


async def _move(conn: Conn, account: Account, holder: Holder, here: Runtime, now: datetime) -> None:
    if await _is_of_another(conn, holder.person_id, account.person_id):
        raise Conflict("Another account is or was at this address.")
    await conn.execute(
        """
        UPDATE member SET address = $2, address_id = nullif($3, person_id), version = version + 1
         WHERE person_id = $1
        """,
        account.person_id,
        holder.address,
        holder.person_id,
    )
    await same_person_from_now_on(
        conn, kept_id=account.person_id, merged_id=holder.person_id, basis=BASIS, now=now
    )
    contact_point = contact_point_of(account.person_id, account.name, holder.address)
    await outbox.add(conn, outbox.sealed(contact_point, here.sealer))
    log.info("moved", person_id=str(account.person_id))


async def _is_of_another(conn: Conn, address_id: UUID, person_id: UUID) -> bool:
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM member
                        WHERE person_id <> $2 AND (person_id = $1 OR address_id = $1))
        """,
        address_id,
        person_id,
    )
    return found
