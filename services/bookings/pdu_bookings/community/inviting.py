"""Inviting somebody to a community: a letter asks them, and nobody is a member by it."""

from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from pdu_bookings.community import rows
from pdu_bookings.community.convening import admit
from pdu_bookings.community.directory import CommunityKey
from pdu_bookings.community.member_link import link_issued
from pdu_bookings.community.membership import begin, keep_contact, standing
from pdu_bookings.place.asking import Keys
from pdu_bookings.rules.community import CONTACT_KEPT_FOR, why_nobody_joins
from pdu_shared import outbox
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.vocabulary import MembershipState
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.local_time import local_day
from pdu_shared.persons import persons_of
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["communities"])


class InviteToCommunity(Form):
    """Whom to ask whether they want to belong to a community."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Alan a Dale", "email": "alan@example.org"}]}
    )

    name: OneLine
    email: EmailAddress


class Invited(BaseModel):
    """How somebody belongs who is invited now, or belonged before."""

    membership_id: UUID
    state: MembershipState


@router.post("/communities/{key}/invitations", status_code=201, response_model=Invited)
async def invite(  # noqa: PLR0913 - each is asked for by its type
    *, key: CommunityKey, form: InviteToCommunity, here: Here, caller: Who, asked: Asked, now: Now
) -> Response:
    """Invite somebody by a letter with a link of their own. They have four weeks to answer.

    Whoever is invited or a member already gets no other letter.
    """
    use_case = partial(_invite, key=key, form=form, here=here, caller=caller, now=now)
    return await once(here.database, asked, use_case)


async def _invite(  # noqa: PLR0913 - as above
    conn: Conn, *, key: str, form: InviteToCommunity, here: Runtime, caller: Caller, now: datetime
) -> Answer:
    community = await rows.lock(conn, key)
    await admit(conn, caller, community, now=now)
    if trouble := why_nobody_joins(community.state):
        raise Conflict(trouble)
    [person_id] = await persons_of(conn, here.person_key, [form.email])
    member = await standing(conn, community.community_id, person_id)
    if member is None:
        member = await begin(conn, community, person_id, now=now)
        until = local_day(now) + CONTACT_KEPT_FOR
        await keep_contact(conn, member.membership_id, form.name, form.email, until=until)
        await outbox.add(
            conn, link_issued(community, member, form, Keys.of(here), state=member.state)
        )
    return Answer.of(Invited(membership_id=member.membership_id, state=member.state))
