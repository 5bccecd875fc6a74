"""Agreeing to something, and taking that back: with the words, the time and the way it was said."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.protection.people import all_ids, myself
from pdu_resources.protection.purpose import Purpose, current
from pdu_shared import outbox
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.resources.protection import ConsentGiven, ConsentWithdrawn
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["consents"])


class ConsentChannel(StrEnum):
    """How somebody said so."""

    HUB = "hub"
    BOOKING = "booking"
    SURVEY = "survey"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"
    PAPER = "paper"


class Agree(Form):
    """Which words somebody was shown when they agreed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 1}]})

    version: int = Field(ge=1, le=10_000, description="Of the wording, as `GET /purposes` says")


class AgreeFor(Agree):
    """What somebody said, and how, to whoever writes it down for them."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"version": 1, "channel": "telephone"}]}
    )

    channel: ConsentChannel


class TakeBack(Form):
    """How somebody said that they no longer agree."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"channel": "telephone"}]})

    channel: ConsentChannel


class ConsentSeen(BaseModel):
    """What somebody agreed to, in the words they were shown, and whether they still do."""

    purpose: str
    label: str
    version: int
    wording: str
    channel: ConsentChannel
    given_at: datetime
    withdrawn_at: datetime | None


class ConsentsSeen(BaseModel):
    """What somebody agreed to, latest first."""

    items: list[ConsentSeen]


@router.get("/consents")
async def own_consents(database: Store, caller: Who) -> ConsentsSeen:
    """What I agreed to, and what I took back."""
    async with database.pool.acquire(timeout=5) as conn:
        return await _consents(conn, myself(caller))


@router.put("/consents/{purpose}")
async def agree(
    purpose: Purpose, form: Agree, database: Store, caller: Who, now: Now
) -> ConsentsSeen:
    """Agree to something in its present words. Doing it twice is doing it once."""
    said = AgreeFor(version=form.version, channel=ConsentChannel.HUB)
    async with transaction(database) as conn:
        await _give(conn, myself(caller), purpose, said, caller=caller, now=now)
        return await _consents(conn, myself(caller))


@router.delete("/consents/{purpose}", status_code=204)
async def disagree(purpose: Purpose, database: Store, caller: Who, now: Now) -> None:
    """Agree no longer. Doing it twice is doing it once."""
    async with transaction(database) as conn:
        await take_back(
            conn, await all_ids(conn, myself(caller)), purpose, ConsentChannel.HUB, now=now
        )


@router.get("/persons/{person_id}/consents")
async def consents_of(person_id: UUID, database: Store) -> ConsentsSeen:
    """What somebody agreed to, and what they took back."""
    async with database.pool.acquire(timeout=5) as conn:
        return await _consents(conn, person_id)


@router.put("/persons/{person_id}/consents/{purpose}")
async def agree_for(  # noqa: PLR0913 - what a route asks for
    person_id: UUID, purpose: Purpose, form: AgreeFor, database: Store, *, caller: Who, now: Now
) -> ConsentsSeen:
    """Write down that somebody agreed by telephone, on paper or face to face."""
    async with transaction(database) as conn:
        await _give(conn, person_id, purpose, form, caller=caller, now=now)
        return await _consents(conn, person_id)


@router.post("/persons/{person_id}/consents/{purpose}/withdrawal", status_code=204)
async def disagree_for(
    person_id: UUID, purpose: Purpose, form: TakeBack, database: Store, now: Now
) -> None:
    """Write down that somebody no longer agrees. Twice is once."""
    async with transaction(database) as conn:
        await take_back(conn, await all_ids(conn, person_id), purpose, form.channel, now=now)


async def take_back(
    conn: Conn,
    person_ids: Sequence[UUID],
    purpose: str | None,
    channel: ConsentChannel,
    *,
    now: datetime,
) -> int:
    """End what these ids agreed to for a purpose, or for any; how many consents that were."""
    rows = await conn.fetch(
        """
        UPDATE consent SET withdrawn_at = $3, withdrawn_channel = $4
         WHERE person_id = ANY ($1::uuid[]) AND withdrawn_at IS NULL
           AND ($2::text IS NULL OR purpose = $2)
        RETURNING consent_id, person_id, purpose, version
        """,
        list(person_ids),
        purpose,
        now,
        channel,
    )
    await outbox.add(conn, *(ConsentWithdrawn(**row, channel=channel) for row in rows))
    return len(rows)


async def _give(  # noqa: PLR0913 - who, what, how, and who wrote it down
    conn: Conn, person_id: UUID, purpose: str, said: AgreeFor, *, caller: Caller, now: datetime
) -> None:
    wording = await current(conn, purpose)
    if wording.version != said.version:
        raise Conflict("The wording has changed in the meantime: read it again.")
    consent_id = uuid7()
    # Whoever agrees to newer words agrees to those instead.
    await conn.execute(
        """
        UPDATE consent SET withdrawn_at = $4, withdrawn_channel = $5
         WHERE person_id = $1 AND purpose = $2 AND version <> $3 AND withdrawn_at IS NULL
        """,
        person_id,
        purpose,
        said.version,
        now,
        said.channel,
    )
    new = await conn.fetchval(
        """
        INSERT INTO consent (consent_id, person_id, purpose, version, channel, given_at,
                             recorded_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (person_id, purpose) WHERE withdrawn_at IS NULL DO NOTHING
        RETURNING true
        """,
        consent_id,
        person_id,
        purpose,
        said.version,
        said.channel,
        now,
        caller.sub,
    )
    if new:
        given = ConsentGiven(
            consent_id=consent_id,
            person_id=person_id,
            purpose=purpose,
            version=said.version,
            channel=said.channel,
        )
        await outbox.add(conn, given)


async def _consents(conn: Conn, person_id: UUID) -> ConsentsSeen:
    rows = await conn.fetch(
        """
        SELECT purpose, label, version, wording, channel, given_at, withdrawn_at
          FROM consent JOIN consent_wording USING (purpose, version) JOIN purpose USING (purpose)
         WHERE person_id = $1
         ORDER BY consent_id DESC
        """,
        person_id,
    )
    return ConsentsSeen(items=[ConsentSeen(**row) for row in rows])
