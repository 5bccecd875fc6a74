"""A case study is agreed to, read by a second person, shown for a time, and withdrawn at will."""

from datetime import timedelta
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import ConfigDict

from pdu_resources.impact.case_study_rows import CaseStudy, lock_case_study, seen, told_of
from pdu_resources.versioned.changes import By
from pdu_shared import outbox
from pdu_shared.contracts.resources.voice import CaseStudyPublished, CaseStudyWithdrawn
from pdu_shared.database import transaction
from pdu_shared.forms import Day, Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Store

LONGEST_CONSENT = timedelta(days=3 * 366)

router = APIRouter(tags=["impact"])


class AgreeToIt(Form):
    """Those it is about agree to it as it stands, until this day."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"shown_until": "2028-03-31"}]})

    shown_until: Day


@router.put("/case-studies/{case_study_id}/consent")
async def agree(case_study_id: UUID, form: AgreeToIt, database: Store, by: By) -> CaseStudy:
    """Write down that those it is about agree to these words, and until when."""
    async with transaction(database) as conn:
        row = await lock_case_study(conn, case_study_id)
        today = local_day(by.now)
        if not today < form.shown_until <= today + LONGEST_CONSENT:
            detail = "A day within the next three years."
            raise Refused(errors=[Fault("/shown_until", "out-of-bounds", detail)])
        _not_withdrawn(row)
        await conn.execute(
            """
            UPDATE case_study
               SET consented_at = $2, shown_until = $3, version = version + 1
             WHERE case_study_id = $1
            """,
            case_study_id,
            by.now,
            form.shown_until,
        )
        return seen(await lock_case_study(conn, case_study_id))


@router.put("/case-studies/{case_study_id}/review")
async def review(case_study_id: UUID, database: Store, by: By) -> CaseStudy:
    """Say that one has read it. 409 for whoever wrote it, and before it was agreed to."""
    async with transaction(database) as conn:
        row = await lock_case_study(conn, case_study_id)
        _not_withdrawn(row)
        if row["consented_at"] is None:
            raise Conflict("Before that, those it is about have to agree.")
        if by.by is None or by.by == row["written_by"]:
            raise Conflict("Somebody else than whoever wrote it has to read it.")
        await conn.execute(
            """
            UPDATE case_study
               SET reviewed_by = $2, reviewed_at = coalesce(reviewed_at, $3),
                   version = version + 1
             WHERE case_study_id = $1
            """,
            case_study_id,
            by.by,
            by.now,
        )
        return seen(await lock_case_study(conn, case_study_id))


@router.put("/case-studies/{case_study_id}/publication")
async def publish(case_study_id: UUID, database: Store, by: By) -> CaseStudy:
    """Publish it. 409 before it was agreed to and read. Twice is once."""
    async with transaction(database) as conn:
        row = await lock_case_study(conn, case_study_id)
        _not_withdrawn(row)
        if row["consented_at"] is None or row["reviewed_at"] is None:
            raise Conflict("Before that, those it is about agree, and a second person reads it.")
        if row["published_at"] is None:
            await conn.execute(
                """
                UPDATE case_study SET published_at = $2, version = version + 1
                 WHERE case_study_id = $1
                """,
                case_study_id,
                by.now,
            )
            told = told_of(seen(row))
            shown = CaseStudyPublished(**told, title=row["title"], published_on=local_day(by.now))
            await outbox.add(conn, shown)
        return seen(await lock_case_study(conn, case_study_id))


@router.put("/case-studies/{case_study_id}/withdrawal")
async def withdraw(case_study_id: UUID, database: Store, by: By) -> CaseStudy:
    """Take it back, whoever asked for that. Twice is once."""
    async with transaction(database) as conn:
        row = await lock_case_study(conn, case_study_id)
        if row["withdrawn_at"] is None:
            await conn.execute(
                """
                UPDATE case_study SET withdrawn_at = $2, version = version + 1
                 WHERE case_study_id = $1
                """,
                case_study_id,
                by.now,
            )
            if row["published_at"]:
                gone = CaseStudyWithdrawn(**told_of(seen(row)), withdrawn_on=local_day(by.now))
                await outbox.add(conn, gone)
        return seen(await lock_case_study(conn, case_study_id))


def _not_withdrawn(row: asyncpg.Record) -> None:
    if row["withdrawn_at"] is not None:
        raise Conflict("It was withdrawn: write it anew first.")
