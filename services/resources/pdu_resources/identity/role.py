"""Roles, given and taken by an administrator: from when to when, by whom, and nothing forgotten."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import structlog
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pdu_resources.identity.signed_in import end_all
from pdu_resources.rules.authenticator import MAY_BE_SET_UP_FOR
from pdu_resources.rules.sign_in import NOT_GIVEN, STAFF
from pdu_shared.access import Role, Who
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.identity import uuid7
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["roles"])

GivenRole = Literal[
    "cop_member", "cop_convenor", "facilitator_speaker", "expert_by_experience",
    "beneficiary_ambassador", "organisation_lead", "manager", "steering_group",
    "commissioner_funder", "evaluator", "coordinator", "data_protection_lead", "operator",
    "administrator",
]  # fmt: skip
"""Every role that can be given to a person."""
assert {*GivenRole.__args__} == {*Role} - NOT_GIVEN, "no role is left out"  # type: ignore[attr-defined]


class Give(Form):
    """Until when somebody has a role."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{}, {"ends_at": "2027-03-31T23:59:59+01:00"}]}
    )

    ends_at: AwareDatetime | None = Field(default=None, description="Open-ended if left out")


class Grant(BaseModel):
    """That somebody has or had a role."""

    role: str
    given_at: datetime
    given_by: UUID | None = Field(description="Null: by whoever runs the machine")
    ends_at: datetime | None
    taken_at: datetime | None
    taken_by: UUID | None


class Grants(BaseModel):
    """Every role that somebody has or had, the latest first."""

    items: list[Grant]


class Holder(BaseModel):
    """Somebody who has a role now."""

    person_id: UUID
    role: str
    ends_at: datetime | None


class Holders(BaseModel):
    """Everybody who has been given a role and has it now."""

    items: list[Holder]


@router.get("/roles")
async def read_holders(database: Store, now: Now, role: GivenRole | None = None) -> Holders:
    """Who has which role now; at most 1000."""
    rows = await database.pool.fetch(
        """
        SELECT person_id, role, ends_at
          FROM role_grant
         WHERE taken_at IS NULL AND (ends_at IS NULL OR ends_at > $1)
           AND ($2::text IS NULL OR role = $2)
         ORDER BY role, given_at, grant_id
         LIMIT 1000
        """,
        now,
        role,
    )
    return Holders(items=[Holder(**row) for row in rows])


@router.get("/persons/{person_id}/roles")
async def read_roles(person_id: UUID, database: Store) -> Grants:
    """Every role that somebody has or had."""
    async with database.pool.acquire(timeout=5) as conn:
        await _member(conn, person_id)
        rows = await conn.fetch(
            """
            SELECT role, given_at, given_by, ends_at, taken_at, taken_by
              FROM role_grant WHERE person_id = $1 ORDER BY grant_id DESC
            """,
            person_id,
        )
    return Grants(items=[Grant(**row) for row in rows])


@router.put("/persons/{person_id}/roles/{role}", status_code=204)
async def give_role(  # noqa: PLR0913 - each is asked for by its type
    *, person_id: UUID, role: GivenRole, form: Give, database: Store, caller: Who, now: Now
) -> Response:
    """Give somebody a role, or another end to one they have. They get it when they next refresh."""
    if form.ends_at and form.ends_at <= now:
        raise Refused(errors=[Fault("/ends_at", "in-the-past", "Give a time that is to come.")])
    async with transaction(database) as conn:
        await _member(conn, person_id)
        await give(conn, person_id, role, by=caller.sub, now=now, ends_at=form.ends_at)
    return Response(status_code=204)


@router.delete("/persons/{person_id}/roles/{role}", status_code=204)
async def take_role(
    *, person_id: UUID, role: GivenRole, database: Store, caller: Who, now: Now
) -> Response:
    """Take a role from somebody, and sign them out everywhere. Twice is once."""
    async with transaction(database) as conn:
        if await _close(conn, person_id, role, by=caller.sub, now=now):
            await end_all(conn, person_id, because="role_taken", now=now)
            log.info("role taken", person_id=str(person_id), role=role, by=str(caller.sub))
    return Response(status_code=204)


async def give(  # noqa: PLR0913 - what a grant consists of
    conn: Conn,
    person_id: UUID,
    role: str,
    *,
    by: UUID | None,
    now: datetime,
    ends_at: datetime | None = None,
) -> None:
    """Write down that somebody has a role. Staff may set up their second factor for a week."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 120))", str(person_id))
    await _close(conn, person_id, role, by=by, now=now)
    await conn.execute(
        """
        INSERT INTO role_grant (grant_id, person_id, role, given_at, given_by, ends_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        uuid7(),
        person_id,
        role,
        now,
        by,
        ends_at,
    )
    if role in STAFF:
        await conn.execute(
            """
            INSERT INTO second_factor (person_id, may_set_up_until) VALUES ($1, $2)
                ON CONFLICT (person_id) DO UPDATE SET may_set_up_until = $2
             WHERE second_factor.set_up_at IS NULL
            """,
            person_id,
            now + MAY_BE_SET_UP_FOR,
        )
    log.info("role given", person_id=str(person_id), role=role, by=str(by) if by else None)


async def roles_of(conn: Conn, person_id: UUID, now: datetime) -> frozenset[Role]:
    """What somebody may be now: a member, and what they were given."""
    rows = await conn.fetch(
        """
        SELECT role FROM role_grant
         WHERE person_id = $1 AND taken_at IS NULL AND (ends_at IS NULL OR ends_at > $2)
        """,
        person_id,
        now,
    )
    return frozenset({Role.MEMBER, *(Role(row["role"]) for row in rows)})


async def _close(conn: Conn, person_id: UUID, role: str, *, by: UUID | None, now: datetime) -> bool:
    taken = await conn.fetchval(
        """
        UPDATE role_grant SET taken_at = $3, taken_by = $4
         WHERE person_id = $1 AND role = $2 AND taken_at IS NULL
     RETURNING true
        """,
        person_id,
        role,
        now,
        by,
    )
    return bool(taken)


async def _member(conn: Conn, person_id: UUID) -> None:
    if not await conn.fetchval("SELECT true FROM member WHERE person_id = $1", person_id):
        raise NotFound
