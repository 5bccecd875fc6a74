"""Joining a community with a name and an address."""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.category import Categories
from pdu_bookings.community import rows
from pdu_bookings.community.belonging import Belong, become_member, change
from pdu_bookings.community.directory import CommunityKey
from pdu_bookings.community.member_link import link_issued
from pdu_bookings.community.membership import begin, keep_contact, standing
from pdu_bookings.place.asking import Keys
from pdu_bookings.rules.community import why_nobody_joins
from pdu_shared import outbox
from pdu_shared.contracts.vocabulary import CommunityState, MembershipState
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.persons import persons_of
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["communities"])


class JoinCommunity(Belong):
    """Somebody wants to belong to a community."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Alan a Dale",
                    "email": "alan@example.org",
                    "sector": "voluntary",
                    "work_field": "housing_homelessness",
                    "role_level": "front_line",
                    "area": "nottingham_city",
                    "shares_name": True,
                }
            ]
        }
    )

    name: OneLine
    email: EmailAddress


class Joined(BaseModel):
    """They belong to it. It does not tell whether they did before."""

    community: Annotated[str, Field(description="The key of the community")]
    state: Literal["active"] = "active"


@router.post("/communities/{key}/members", status_code=201, response_model=Joined)
async def join(
    key: CommunityKey, form: JoinCommunity, here: Here, asked: Asked, now: Now
) -> Response:
    """Join a community: from then on you have a place in each of its sessions.

    A letter brings the link with which you take a break or leave. Whoever belongs already stays as
    they are; whoever is on a break comes back.
    """
    await here.part(Categories).check(form.said())
    return await once(here.database, asked, partial(_join, key=key, form=form, here=here, now=now))


async def _join(
    conn: Conn, *, key: str, form: JoinCommunity, here: Runtime, now: datetime
) -> Answer:
    keys = Keys.of(here)
    community = await rows.lock(conn, key)
    if community.state is CommunityState.PROPOSED:
        raise NotFound
    if trouble := why_nobody_joins(community.state):
        raise Conflict(trouble)
    [person_id] = await persons_of(conn, here.person_key, [form.email])
    member = await standing(conn, community.community_id, person_id)
    if member and member.state is not MembershipState.INVITED:
        await change(conn, member, MembershipState.ACTIVE, keys, now=now)
    else:
        member = member or await begin(conn, community, person_id, now=now)
        await keep_contact(conn, member.membership_id, form.name, form.email)
        await become_member(conn, member, form, keys, now=now)
        link = link_issued(community, member, form, keys, state=MembershipState.ACTIVE)
        await outbox.add(conn, link)
    return Answer.of(Joined(community=key))
