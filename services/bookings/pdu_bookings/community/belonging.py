"""Becoming a member, going on a break, coming back, leaving: and what follows from each."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict

from pdu_bookings.community import membership as rows
from pdu_bookings.community.enrolment import enrol_member, give_places_back
from pdu_bookings.community.membership import Membership
from pdu_bookings.place.asking import AsAtTheTime, Keys
from pdu_bookings.rules.community import CONTACT_KEPT_FOR, why_it_stays
from pdu_shared import outbox
from pdu_shared.contracts.bookings.community import CopMemberJoined, CopMemberLeft
from pdu_shared.contracts.vocabulary import MembershipState
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict


class Belong(AsAtTheTime):
    """Who somebody is at the moment: each session's booking is made with it."""

    shares_name: bool = False


class Become(Form):
    """How somebody wants to belong: `active`, `on_break`, or no longer (`left`)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "on_break"}]})

    state: Literal[MembershipState.ACTIVE, MembershipState.ON_BREAK, MembershipState.LEFT]


async def become_member(
    conn: Conn, member: Membership, form: Belong, keys: Keys, *, now: datetime
) -> None:
    """Make somebody who is invited a member with a place in each coming session."""
    await rows.describe(conn, member.membership_id, form, shares_name=form.shares_name)
    await rows.keep_contact_until(conn, member.membership_id, None)
    joined = CopMemberJoined(
        membership_id=member.membership_id,
        community_id=member.community_id,
        person_id=member.person_id,
    )
    await outbox.add(conn, joined)
    await enrol_member(conn, member.membership_id, keys, now=now)


async def change(
    conn: Conn, member: Membership, state: MembershipState, keys: Keys, *, now: datetime
) -> None:
    """Have somebody take a break, come back, or leave. To what they are already, nothing changes.

    Raises Conflict for whoever has left, and for whoever is invited and has not accepted.
    """
    if trouble := why_it_stays(member.state, state):
        raise Conflict(trouble)
    if state is member.state:
        return
    match state:
        case MembershipState.LEFT:
            await leave(conn, member, now=now)
        case MembershipState.ON_BREAK:
            await rows.mark(conn, member.membership_id, state, now=now)
            await give_places_back(conn, member, now=now)
        case _:
            await rows.mark(conn, member.membership_id, state, now=now)
            await enrol_member(conn, member.membership_id, keys, now=now)


async def leave(conn: Conn, member: Membership, *, now: datetime) -> None:
    """End a membership, and give back the places that it holds."""
    await end(conn, member, now=now)
    if member.state is not MembershipState.INVITED:
        await give_places_back(conn, member, now=now)


async def end(conn: Conn, member: Membership, *, now: datetime) -> None:
    """End a membership, and set the day on which the name is forgotten. Its places stay.

    Of whoever was only invited, nothing is told: nothing was told of them before.
    """
    await rows.mark(conn, member.membership_id, MembershipState.LEFT, now=now)
    await rows.convene_no_more(conn, member.membership_id)
    until = local_day(now) + CONTACT_KEPT_FOR
    await rows.keep_contact_until(conn, member.membership_id, until)
    if member.state is MembershipState.INVITED:
        return
    left = CopMemberLeft(
        membership_id=member.membership_id,
        community_id=member.community_id,
        person_id=member.person_id,
    )
    await outbox.add(conn, left)
