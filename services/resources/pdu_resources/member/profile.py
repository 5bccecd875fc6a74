"""A member's own profile: read, changed with its dates, and told, so that nobody asks again."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.member.account import Account, own_account
from pdu_resources.member.description import (
    Interests,
    Listed,
    contact_point_of,
    faults_in,
    faults_in_interests,
    once_each,
    profile_changed,
)
from pdu_resources.member.seen import Version, tell_version
from pdu_resources.rules.project_year import local_date
from pdu_resources.vocabulary import taxonomy
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine
from pdu_shared.identity import organisation_id
from pdu_shared.problems import Refused
from pdu_shared.runtime import Here, Now, Runtime, Store

log = structlog.get_logger()
router = APIRouter(tags=["members"])


class OwnProfile(BaseModel):
    """What the hub knows of a member, as they told it."""

    person_id: UUID
    name: str
    address: str
    organisation: str | None
    sector: str
    work_field: str
    role_level: str
    area: str
    interests: tuple[str, ...]
    registered_at: datetime
    changed_at: datetime | None


class ChangeProfile(Form):
    """What is another now. What is not named stays; an organisation of null is none any more."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"role_level": "team_manager", "interests": ["housing", "women"]}]
        }
    )

    name: OneLine | None = None
    sector: Listed | None = None
    work_field: Listed | None = None
    role_level: Listed | None = None
    area: Listed | None = None
    organisation: OneLine | None = None
    interests: Interests | None = None


class EarlierProfile(BaseModel):
    """Who a member was, from one day to another."""

    organisation: str | None
    sector: str
    work_field: str
    role_level: str
    area: str
    interests: tuple[str, ...]
    since: datetime
    until: datetime | None = Field(description="null for the present one")


class ProfileHistory(BaseModel):
    """Who a member is, and was: the present first."""

    items: list[EarlierProfile]


@router.get("/members/me")
async def own_profile(database: Store, caller: Who, response: Response) -> OwnProfile:
    """Read one's own profile. 404 without an account."""
    async with transaction(database) as conn:
        account = await own_account(conn, caller)
    return shown(account, response)


@router.patch("/members/me")
async def change_own(
    form: ChangeProfile, version: Version, here: Here, caller: Who, now: Now
) -> OwnProfile:
    """Change one's own profile, from today on. Whoever booked before stays who they were then."""
    async with transaction(here.database) as conn:
        before = await own_account(conn, caller)
        version.check(before.version)
        after = replace(before, **_said(form))
        await _check(conn, after)
        after = replace(after, interests=once_each(after.interests))
        if after != before:
            after = replace(after, version=before.version + 1, changed_at=now)
            if _described(before) != _described(after):
                await _keep_earlier(conn, before, now)
            await _save(conn, after)
            await _tell(conn, before, after, now, here)
    return shown(after, version.response)


@router.get("/members/me/history")
async def own_history(database: Store, caller: Who) -> ProfileHistory:
    """Read who one was, and from when to when."""
    async with transaction(database) as conn:
        account = await own_account(conn, caller)
        return ProfileHistory(items=await history_of(conn, account))


def shown(account: Account, response: Response) -> OwnProfile:
    """The profile as its member sees it, with its version."""
    tell_version(response, account.version)
    return OwnProfile.model_validate(account, from_attributes=True)


async def history_of(conn: Conn, account: Account) -> list[EarlierProfile]:
    """Who a member was before, latest first, and who they are now before all."""
    rows = await conn.fetch(
        """
        SELECT organisation, sector, work_field, role_level, area, interests, since, until
          FROM earlier_profile
         WHERE person_id = $1
         ORDER BY version DESC
        """,
        account.person_id,
    )
    since = rows[0]["until"] if rows else account.registered_at
    present = {**_described(account), "since": since, "until": None}
    return [EarlierProfile.model_validate(one) for one in (present, *map(dict, rows))]


def _said(form: ChangeProfile) -> dict[str, Any]:
    return {
        field: value
        for field in form.model_fields_set
        if (value := getattr(form, field)) is not None or field == "organisation"
    }


async def _check(conn: Conn, account: Account) -> None:
    faults = faults_in(account, await taxonomy.codes(conn))
    faults += await faults_in_interests(conn, account.interests)
    if faults:
        raise Refused(errors=faults)


async def _tell(conn: Conn, before: Account, after: Account, now: datetime, here: Runtime) -> None:
    if _described(before) != _described(after):
        day = local_date(now)
        told = profile_changed(after, after.person_id, day, after.interests)
        await outbox.add(conn, told)
    if before.name != after.name:
        contact_point = contact_point_of(after.person_id, after.name, after.address)
        await outbox.add(conn, outbox.sealed(contact_point, here.sealer))
    log.info("profile changed", person_id=str(after.person_id))


def _described(account: Account) -> dict[str, Any]:
    return {
        "organisation": account.organisation,
        "sector": account.sector,
        "work_field": account.work_field,
        "role_level": account.role_level,
        "area": account.area,
        "interests": account.interests,
    }


async def _keep_earlier(conn: Conn, before: Account, now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO earlier_profile (person_id, version, organisation, sector, work_field,
                                     role_level, area, interests, since, until)
        SELECT person_id, version, organisation, sector, work_field, role_level, area, interests,
               coalesce((SELECT max(until) FROM earlier_profile AS last
                          WHERE last.person_id = member.person_id), registered_at), $2
          FROM member
         WHERE person_id = $1
        """,
        before.person_id,
        now,
    )


async def _save(conn: Conn, account: Account) -> None:
    """Write an account as it is now."""
    await conn.execute(
        """
        UPDATE member
           SET name = $2, organisation = $3, sector = $4, work_field = $5, role_level = $6,
               area = $7, interests = $8, version = $9, changed_at = $10, organisation_id = $11
         WHERE person_id = $1
        """,
        account.person_id,
        account.name,
        account.organisation,
        account.sector,
        account.work_field,
        account.role_level,
        account.area,
        account.interests,
        account.version,
        account.changed_at,
        organisation_id(account.organisation) if account.organisation else None,
    )
