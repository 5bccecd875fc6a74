"""Badges: shown to their holder, signed where there is a key, and verified by anybody."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pdu_resources.member.same_person import ids_of
from pdu_resources.pathway.issuer import achieved
from pdu_resources.pathway.rows import pathway, steps_of
from pdu_resources.pathway.signing import Signer
from pdu_resources.rules.credential import Held, claims, credential
from pdu_resources.rules.project_year import local_date
from pdu_resources.usage.activity import account_of
from pdu_shared.access import Who
from pdu_shared.certificate import CertificateCode, initials
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.identity import canonical_address
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here, Store

router = APIRouter(tags=["badges"])

_BADGE = """
    SELECT badge_id, code, issued_at, pathway_key, pathway.title, enrolment.person_id,
           member.name, member.address
      FROM badge
      JOIN enrolment USING (enrolment_id)
      JOIN pathway USING (pathway_id)
      LEFT JOIN member ON member.person_id = enrolment.person_id
    """


class Badge(BaseModel):
    """A badge, as anybody sees it who has its code."""

    code: str
    state: Literal["issued"] = "issued"
    pathway_key: str
    title: str
    holder: str | None = Field(description="Initials; none of somebody who has left")
    issued_on: date


class OwnBadge(Badge):
    """A badge as its holder has it."""

    credential: dict[str, Any] | None = Field(
        description="An OpenBadgeCredential (Open Badges 3.0); none where badges are not signed"
    )
    jwt: str | None = Field(description="The same, signed: to put into a wallet")


class OwnBadges(BaseModel):
    """My badges, the newest first."""

    items: list[OwnBadge]


class VerifyBadge(Form):
    """A signed badge that somebody showed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"jwt": "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"}]}
    )

    jwt: Annotated[str, StringConstraints(pattern=r"^[\w-]+\.[\w-]+\.[\w-]+$", max_length=16384)]


class Verified(BaseModel):
    """Whether a badge is ours and still holds."""

    valid: bool
    reason: Literal["signature", "not_issued"] | None
    badge: Badge | None


@router.get("/my-badges")
async def my_badges(runtime: Here, caller: Who) -> OwnBadges:
    """My badges, with the signed credential of each where this hub signs them."""
    async with runtime.database.pool.acquire(timeout=5) as conn:
        mine = await ids_of(conn, await account_of(conn, caller))
        rows = await badges_of(conn, mine)
        signer = runtime.part(Signer)
        return OwnBadges(items=[await _own(conn, row, signer) for row in rows])


@router.get("/badges/{code}")
async def verify(code: CertificateCode, database: Store) -> Badge:
    """Whether there is such a badge."""
    async with database.pool.acquire(timeout=5) as conn:
        return _shown(await _badge(conn, code))


@router.post("/badge-verifications")
async def verify_signed(form: VerifyBadge, runtime: Here) -> Verified:
    """Whether a signed badge is ours, unchanged, and still holds."""
    signer = runtime.part(Signer)
    told = signer.opened(form.jwt)
    if told is None or told.get("iss") != f"{signer.hub_url}/badge-issuer":
        return Verified(valid=False, reason="signature", badge=None)
    code = str(told.get("jti")).rpartition("/")[2]
    try:
        async with runtime.database.pool.acquire(timeout=5) as conn:
            row = await _badge(conn, code)
    except NotFound:
        return Verified(valid=False, reason="not_issued", badge=None)
    return Verified(valid=True, reason=None, badge=_shown(row))


async def badges_of(conn: Conn, person_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """Somebody's badges, the newest first."""
    return await conn.fetch(
        f"{_BADGE} WHERE enrolment.person_id = ANY ($1::uuid[]) ORDER BY badge_id DESC",
        list(person_ids),
    )


async def _badge(conn: Conn, code: str) -> asyncpg.Record:
    row = await conn.fetchrow(f"{_BADGE} WHERE code = $1", code)
    if row is None:
        raise NotFound
    return row


def _shown(row: asyncpg.Record) -> Badge:
    return Badge(
        code=row["code"],
        pathway_key=row["pathway_key"],
        title=row["title"],
        holder=initials(row["name"]) if row["name"] else None,
        issued_on=local_date(row["issued_at"]),
    )


async def _own(conn: Conn, row: asyncpg.Record, signer: Signer) -> OwnBadge:
    shown = _shown(row).model_dump()
    if not signer.signs or not row["address"]:
        return OwnBadge(**shown, credential=None, jwt=None)
    found = await pathway(conn, row["pathway_key"])
    assert found is not None, "pathways are never deleted"
    steps = (await steps_of(conn, [found.pathway_id]))[found.pathway_id]
    held = Held(row["badge_id"], row["code"], canonical_address(row["address"]), row["issued_at"])
    document = credential(signer.hub_url, signer.issuer, achieved(found, steps), held)
    token = signer.sign(claims(document, row["issued_at"]))
    return OwnBadge(**shown, credential=document, jwt=token)
