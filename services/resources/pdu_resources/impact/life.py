"""A record is verified by somebody else, coded, published with consent, and withdrawn at will."""

from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter
from pydantic import ConfigDict

from pdu_resources.impact.form import CodeImpact, Impact, PublishImpact
from pdu_resources.impact.recording import check
from pdu_resources.impact.rows import (
    columns_of,
    impact_of,
    lock_impact,
    standing,
    told_of,
    update_description,
)
from pdu_resources.rules.impact import lacks_for_publishing
from pdu_resources.versioned.changes import By, Hand, differing, note
from pdu_resources.versioned.seen import Version
from pdu_shared import outbox
from pdu_shared.access import Role
from pdu_shared.contracts.resources.impact import (
    ImpactPublished,
    ImpactRecorded,
    ImpactVerified,
    ImpactWithdrawn,
)
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Store

WITHDRAWN = "It was withdrawn, and stays as it was."

log = structlog.get_logger()
router = APIRouter(tags=["impact"])


class CodeIt(CodeImpact):
    """How it is coded: the kind, the unit's part and the evidence have to be there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "level": "organisation",
                    "expectedness": "unexpected",
                    "kind": "emergent",
                    "contribution_class": "partnership",
                    "evidence": ["interview"],
                }
            ]
        }
    )


@router.put("/impacts/{impact_id}/verification")
async def verify(impact_id: UUID, database: Store, by: By) -> Impact:
    """Say that one has seen the evidence. 409 for whoever wrote it down. Twice is once."""
    async with transaction(database) as conn:
        row = await _lock(conn, impact_id)
        if row["verified_at"] is None:
            if by.by is None or by.by == row["recorded_by"]:
                raise Conflict("Somebody else than whoever wrote it down has to verify it.")
            await conn.execute(
                """
                UPDATE impact_record
                   SET verified_by = $2, verified_at = $3, version = version + 1
                 WHERE impact_id = $1
                """,
                impact_id,
                by.by,
                by.now,
            )
            await outbox.add(conn, ImpactVerified(**told_of(await impact_of(conn, impact_id))))
        return await impact_of(conn, impact_id)


@router.put("/impacts/{impact_id}/coding")
async def code(impact_id: UUID, form: CodeIt, version: Version, database: Store, by: By) -> Impact:
    """Code a change by its dimensions. 412 when somebody else did so in the meantime."""
    async with transaction(database) as conn:
        row = await _lock(conn, impact_id)
        version.check(row["version"])
        await check(conn, form.workstreams)
        if faults := [
            Fault(f"/{name}", "missing", "Without this it is not coded.")
            for name in ("kind", "contribution_class", "evidence")
            if not getattr(form, name)
        ]:
            raise Refused(errors=faults)
        columns = columns_of(form)
        await update_description(conn, impact_id, columns, by.now)
        was = differing(row, columns)
        was.pop("other_factors", None)
        await note(conn, "impact_record", impact_id, was, by)
        found = await impact_of(conn, impact_id)
        kind = ImpactPublished if row["published_at"] else ImpactRecorded
        await outbox.add(conn, kind(**told_of(found)))
    version.renew(found.version)
    return found


@router.put("/impacts/{impact_id}/consent")
async def consent(impact_id: UUID, database: Store, by: By) -> Impact:
    """Agree that it is published. Whoever wrote it down does, or a coordinator who was told so."""
    async with transaction(database) as conn:
        row = await _lock(conn, impact_id)
        _check_own(row, by)
        if not row["may_publish"]:
            await conn.execute(
                """
                UPDATE impact_record SET may_publish = true, version = version + 1
                 WHERE impact_id = $1
                """,
                impact_id,
            )
            await note(conn, "impact_record", impact_id, {"may_publish": False}, by)
            await outbox.add(conn, ImpactRecorded(**told_of(await impact_of(conn, impact_id))))
        return await impact_of(conn, impact_id)


@router.put("/impacts/{impact_id}/publication")
async def publish(impact_id: UUID, form: PublishImpact, database: Store, by: By) -> Impact:
    """Publish a change in words that were written for that; also in better words.

    409 while it is not verified, coded, and agreed to.
    """
    async with transaction(database) as conn:
        row = await _lock(conn, impact_id)
        if lacking := lacks_for_publishing(standing(row)):
            raise Conflict(f"Before that, {', and '.join(lacking)}.")
        await conn.execute(
            """
            UPDATE impact_record
               SET title = $2, summary = $3, published_at = coalesce(published_at, $4),
                   version = version + 1
             WHERE impact_id = $1
            """,
            impact_id,
            form.title,
            form.summary,
            by.now,
        )
        await note(conn, "impact_record", impact_id, {"title": row["title"]}, by)
        found = await impact_of(conn, impact_id)
        await outbox.add(conn, ImpactPublished(**told_of(found)))
    log.info("impact published", impact_id=str(impact_id))
    return found


@router.put("/impacts/{impact_id}/withdrawal")
async def withdraw(impact_id: UUID, database: Store, by: By) -> Impact:
    """Take a change back: whoever wrote it down may, without a reason. It is shown no more."""
    async with transaction(database) as conn:
        row = await lock_impact(conn, impact_id)
        _check_own(row, by)
        if row["withdrawn_at"] is None:
            await conn.execute(
                """
                UPDATE impact_record SET withdrawn_at = $2, version = version + 1
                 WHERE impact_id = $1
                """,
                impact_id,
                by.now,
            )
            await outbox.add(conn, ImpactWithdrawn(**told_of(await impact_of(conn, impact_id))))
        return await impact_of(conn, impact_id)


async def _lock(conn: Conn, impact_id: UUID) -> asyncpg.Record:
    row = await lock_impact(conn, impact_id)
    if row["withdrawn_at"] is not None:
        raise Conflict(WITHDRAWN)
    return row


def _check_own(row: asyncpg.Record, by: Hand) -> None:
    """Raise NotFound for whoever neither wrote it down nor coordinates."""
    own = by.by is not None and by.by == row["recorded_by"]
    if not (own or by.caller.has(Role.COORDINATOR)):
        raise NotFound
