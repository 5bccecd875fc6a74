"""The rota of a community: who has promised to convene how many sessions, and where gaps are."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from pdu_bookings.community import rows
from pdu_bookings.community.convening import is_admitted
from pdu_bookings.community.directory import CommunityKey
from pdu_bookings.community.membership import all_standing, standing
from pdu_bookings.community.turns import coming_turns, commitments
from pdu_bookings.rules.community import BELONGS
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.community import CopConvenorAssigned
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Day, Form
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["communities"])


class Commit(Form):
    """What a member promises."""

    membership_id: UUID
    sessions: Annotated[
        int, Field(ge=1, le=50, description="How many sessions they convene"), WRITTEN_AS_NUMBER
    ]
    starts_on: Day
    ends_on: Day

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on < self.starts_on:
            msg = "A commitment ends after it starts."
            raise ValueError(msg)
        return self


class WriteRota(Form):
    """Who convenes a community, in the order in which they take turns."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "convenors": [
                        {
                            "membership_id": "0194c000-0000-7000-8000-000000000702",
                            "sessions": 5,
                            "starts_on": "2027-01-01",
                            "ends_on": "2027-12-31",
                        }
                    ]
                }
            ]
        }
    )

    convenors: Annotated[tuple[Commit, ...], Field(max_length=50)]


class Convenor(BaseModel):
    """Somebody who has promised to convene. Members see the name of who shares it."""

    membership_id: UUID
    name: str | None
    sessions: int
    starts_on: date
    ends_on: date


class Convened(BaseModel):
    """A coming session, and whose turn it is. Without a convenor it is a gap."""

    session_id: UUID
    learning_event_id: UUID
    starts_at: AwareDatetime
    convenor: Annotated[UUID | None, Field(description="The membership of whose turn it is")]


class Rota(BaseModel):
    """Who convenes a community, and what they convene."""

    convenors: list[Convenor]
    sessions: list[Convened]
    gaps: Annotated[int, Field(description="How many coming sessions have no convenor")]


@router.get("/communities/{key}/rota")
async def read_rota(key: CommunityKey, database: Store, caller: Who, now: Now) -> Rota:
    """Whose turn it is to convene which coming session: for those who belong to the community."""
    async with database.pool.acquire(timeout=5) as conn:
        community = await rows.find(conn, key)
        admitted = await is_admitted(conn, caller, community, now=now)
        if not admitted:
            own = await standing(conn, community.community_id, caller.sub) if caller.sub else None
            if own is None or own.state not in BELONGS:
                raise NotFound
        return await _rota(conn, community, all_names=admitted, now=now)


@router.put("/communities/{key}/rota")
async def write_rota(key: CommunityKey, form: WriteRota, database: Store, now: Now) -> Rota:
    """Say anew who convenes a community: whoever is not named convenes no more.

    Sending it again changes nothing. Convenors are members; who is new, or stays for longer, is
    told.
    """
    async with transaction(database) as conn:
        community = await rows.lock(conn, key)
        members = {
            member.membership_id: member
            for member in await all_standing(conn, community.community_id)
            if member.state in BELONGS
        }
        _refuse_strangers(form.convenors, members)
        before = {
            (one.membership_id, one.ends_on)
            for one in await commitments(conn, community.community_id)
        }
        await _replace(conn, community.community_id, form.convenors)
        await outbox.add(
            conn,
            *(
                CopConvenorAssigned(
                    community_id=community.community_id,
                    person_id=members[one.membership_id].person_id,
                    convenor_until=one.ends_on,
                )
                for one in form.convenors
                if (one.membership_id, one.ends_on) not in before
            ),
        )
        return await _rota(conn, community, all_names=True, now=now)


def _refuse_strangers(convenors: Iterable[Commit], members: Collection[UUID]) -> None:
    faults = [
        Fault(f"/convenors/{place}/membership_id", "no-member", "Convenors are members.")
        for place, one in enumerate(convenors)
        if one.membership_id not in members
    ]
    if faults:
        raise Refused(errors=faults)


async def _rota(conn: Conn, community: rows.Community, *, all_names: bool, now: datetime) -> Rota:
    coming = await coming_turns(conn, [community.community_id], now=now)
    sessions = [
        Convened(
            session_id=turn.session_id,
            learning_event_id=turn.learning_event_id,
            starts_at=turn.starts_at,
            convenor=turn.convenor,
        )
        for turn in coming.get(community.community_id, [])
    ]
    return Rota(
        convenors=await _convenors(conn, community.community_id, all_names=all_names),
        sessions=sessions,
        gaps=sum(session.convenor is None for session in sessions),
    )


async def _replace(conn: Conn, community_id: UUID, convenors: Sequence[Commit]) -> None:
    await conn.execute("DELETE FROM convenor WHERE community_id = $1", community_id)
    await conn.executemany(
        """
        INSERT INTO convenor (community_id, turn, membership_id, sessions, starts_on, ends_on)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        [
            (community_id, turn, one.membership_id, one.sessions, one.starts_on, one.ends_on)
            for turn, one in enumerate(convenors)
        ],
    )


async def _convenors(conn: Conn, community_id: UUID, *, all_names: bool) -> list[Convenor]:
    found = await conn.fetch(
        """
        SELECT membership_id, CASE WHEN $2 OR shares_name THEN name END AS name, sessions,
               starts_on, ends_on
          FROM convenor
          JOIN membership USING (membership_id)
          LEFT JOIN member_contact USING (membership_id)
         WHERE convenor.community_id = $1
         ORDER BY turn
        """,
        community_id,
        all_names,
    )
    return [Convenor(**row) for row in found]
