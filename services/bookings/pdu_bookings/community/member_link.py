"""A membership by the link in its letter: to accept it, take a break, share a name, or leave."""

from datetime import datetime
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.category import Categories
from pdu_bookings.community import rows
from pdu_bookings.community.belonging import Become, Belong, become_member, change
from pdu_bookings.community.directory import CommunitySeen, community_seen
from pdu_bookings.community.fellows import Fellow, fellows
from pdu_bookings.community.membership import Membership, lock_membership, mark_shared, membership
from pdu_bookings.link import Purpose
from pdu_bookings.place.asking import Keys
from pdu_bookings.rules.community import BELONGS
from pdu_shared import outbox
from pdu_shared.contracts.bookings.community import CopMemberLinkIssued
from pdu_shared.contracts.vocabulary import Channel, MembershipState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.links import opened_by, token_of
from pdu_shared.outbox import Promise
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["communities"])

Token = Annotated[str, Path(description="The token of one membership, from its letter")]


class AcceptInvitation(Belong):
    """What is needed of a member: nothing more than a booking asks."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sector": "statutory",
                    "work_field": "mental_health",
                    "role_level": "team_manager",
                    "area": "nottinghamshire",
                    "organisation": "Sherwood NHS Trust",
                }
            ]
        }
    )


class Share(Form):
    """Whether other members may see somebody's name and organisation."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"shares_name": True}]})

    shares_name: bool


class MembershipSeen(BaseModel):
    """A membership as the person who holds its link may see it."""

    membership_id: UUID
    state: MembershipState
    shares_name: bool
    community: CommunitySeen
    fellows: Annotated[list[Fellow], Field(description="The members who share their names")]


class Reached(Protocol):
    """Who told us how to reach somebody."""

    @property
    def name(self) -> str:
        """As they are greeted."""

    @property
    def email(self) -> str:
        """Where letters go."""


@router.get("/m/{token}")
async def see(token: Token, here: Here, now: Now) -> MembershipSeen:
    """The membership that a letter's link is for. Looking changes nothing."""
    async with transaction(here.database) as conn:
        return await _seen(conn, _opened(here, token), now)


@router.post("/m/{token}/acceptance")
async def accept(token: Token, form: AcceptInvitation, here: Here, now: Now) -> MembershipSeen:
    """Accept an invitation: from then on you have a place in each session.

    Accepting twice is accepting once. 409 for whoever has left since.
    """
    await here.part(Categories).check(form.said())
    async with transaction(here.database) as conn:
        member = await lock_membership(conn, _opened(here, token))
        if member.state is MembershipState.LEFT:
            raise Conflict("This invitation is over: join with the form instead.")
        if member.state is MembershipState.INVITED:
            await become_member(conn, member, form, Keys.of(here), now=now)
        return await _seen(conn, member.membership_id, now)


@router.put("/m/{token}/state")
async def belong(token: Token, form: Become, here: Here, now: Now) -> MembershipSeen:
    """Take a break, come back, or leave, without a reason. Doing it twice is doing it once.

    Whoever takes a break or leaves gives back their places in coming sessions; whoever comes back
    gets places again.
    """
    async with transaction(here.database) as conn:
        member = await lock_membership(conn, _opened(here, token))
        await change(conn, member, form.state, Keys.of(here), now=now)
        return await _seen(conn, member.membership_id, now)


@router.put("/m/{token}/sharing")
async def share(token: Token, form: Share, here: Here, now: Now) -> MembershipSeen:
    """Say whether other members may see your name and organisation."""
    async with transaction(here.database) as conn:
        member = await lock_membership(conn, _opened(here, token))
        await mark_shared(conn, member.membership_id, shares_name=form.shares_name)
        return await _seen(conn, member.membership_id, now)


def link_issued(
    community: rows.Community,
    member: Membership,
    reached: Reached,
    keys: Keys,
    *,
    state: MembershipState,
) -> Promise:
    """What is told, sealed, of somebody who is invited or has joined: the letter needs it."""
    link = CopMemberLinkIssued(
        membership_id=member.membership_id,
        community_id=community.community_id,
        community_name=community.name,
        state=state,
        person_id=member.person_id,
        channel=Channel.EMAIL,
        address=reached.email,
        name=reached.name,
        token=token_of(keys.link, Purpose.MEMBERSHIP, member.membership_id),
    )
    return outbox.sealed(link, keys.sealer)


def _opened(here: Runtime, token: str) -> UUID:
    link_key = here.settings.secret("link_key").encode()
    membership_id = opened_by(link_key, Purpose.MEMBERSHIP, token)
    if membership_id is None:
        raise NotFound
    return membership_id


async def _seen(conn: Conn, membership_id: UUID, now: datetime) -> MembershipSeen:
    member = await membership(conn, membership_id)
    belongs = member.state in BELONGS
    return MembershipSeen(
        membership_id=membership_id,
        state=member.state,
        shares_name=member.shares_name,
        community=await community_seen(conn, member.key, now=now),
        fellows=await fellows(conn, member.community_id) if belongs else [],
    )
