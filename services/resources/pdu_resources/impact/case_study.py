"""Case studies: written with an organisation, and written anew."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.impact.case_study_rows import CaseStudy, lock_case_study, seen, told_of
from pdu_resources.impact.recording import check
from pdu_resources.versioned.changes import By, Hand, note
from pdu_resources.versioned.paging import After, Limit, cut
from pdu_resources.versioned.seen import Version, etag
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.change import SystemChangeAim
from pdu_shared.contracts.resources.voice import CaseStudyWithdrawn
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, Paragraphs, PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Store

MOST = 20

router = APIRouter(tags=["impact"])


class WriteCaseStudy(Form):
    """A case study as a whole. Those it is about agree to these words."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "A hostel asks before it evicts",
                    "body": "Staff came to two sessions, and then changed one rule.",
                    "organisation": "Sherwood Outreach",
                }
            ]
        }
    )

    title: PublishedLine
    body: Paragraphs
    organisation: PublishedLine | None = None
    workstreams: Annotated[tuple[Code, ...], Field(max_length=MOST)] = ()
    aims: Annotated[tuple[SystemChangeAim, ...], Field(max_length=MOST)] = ()
    impact_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST)] = ()


class CaseStudies(BaseModel):
    """One page of case studies, newest first."""

    items: list[CaseStudy]
    next: UUID | None


@router.post("/case-studies", status_code=201, response_model=CaseStudy)
async def write(form: WriteCaseStudy, database: Store, asked: Asked, by: By) -> Response:
    """Begin a case study."""
    return await once(database, asked, partial(_write, form=form, by=by))


@router.get("/case-studies")
async def case_studies(database: Store, after: After = None, limit: Limit = 20) -> CaseStudies:
    """Case studies in every state."""
    rows = await database.pool.fetch(
        """
        SELECT case_study_id, title, body, organisation_id, organisation, workstreams, aims,
               impact_ids, written_by, consented_at, shown_until, reviewed_at, published_at,
               withdrawn_at, version
          FROM case_study
         WHERE $1::uuid IS NULL OR case_study_id < $1
         ORDER BY case_study_id DESC
         LIMIT $2
        """,
        after,
        limit + 1,
    )
    items, following = cut([seen(row) for row in rows], limit, lambda one: one.case_study_id)
    return CaseStudies(items=items, next=following)


@router.get("/case-studies/{case_study_id}")
async def case_study(case_study_id: UUID, database: Store, response: Response) -> CaseStudy:
    """One case study. Whoever changes it sends the ETag back."""
    async with database.pool.acquire(timeout=5) as conn, conn.transaction():
        found = seen(await lock_case_study(conn, case_study_id))
    response.headers["ETag"] = etag(found.version)
    return found


@router.put("/case-studies/{case_study_id}")
async def write_anew(
    case_study_id: UUID, form: WriteCaseStudy, version: Version, database: Store, by: By
) -> CaseStudy:
    """Write it anew. Whoever agreed to it, or read it, has to see the new words, too.

    One that is published is withdrawn from the public until then. 412 when somebody else changed
    it in the meantime.
    """
    async with transaction(database) as conn:
        row = await lock_case_study(conn, case_study_id)
        version.check(row["version"])
        await check(conn, form.workstreams)
        await conn.execute(
            """
            UPDATE case_study
               SET title = $2, body = $3, organisation_id = $4, organisation = $5,
                   workstreams = $6, aims = $7, impact_ids = $8, consented_at = NULL,
                   shown_until = NULL, reviewed_by = NULL, reviewed_at = NULL,
                   published_at = NULL, withdrawn_at = NULL, version = version + 1
             WHERE case_study_id = $1
            """,
            case_study_id,
            *_columns(form),
        )
        await note(conn, "case_study", case_study_id, {"title": row["title"]}, by)
        found = seen(await lock_case_study(conn, case_study_id))
        if row["published_at"] and not row["withdrawn_at"]:
            gone = CaseStudyWithdrawn(**told_of(found), withdrawn_on=local_day(by.now))
            await outbox.add(conn, gone)
    version.renew(found.version)
    return found


async def _write(conn: Conn, *, form: WriteCaseStudy, by: Hand) -> Answer:
    await check(conn, form.workstreams)
    case_study_id = uuid7()
    await conn.execute(
        """
        INSERT INTO case_study (case_study_id, title, body, organisation_id, organisation,
                                workstreams, aims, impact_ids, written_by, written_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
        """,
        case_study_id,
        *_columns(form),
        by.by,
        by.now,
    )
    return Answer.of(seen(await lock_case_study(conn, case_study_id)))


def _columns(form: WriteCaseStudy) -> tuple[Any, ...]:
    whose = organisation_id(form.organisation) if form.organisation else None
    return (
        form.title,
        form.body,
        whose,
        form.organisation,
        sorted({*form.workstreams}),
        sorted({*form.aims}),
        sorted({*form.impact_ids}),
    )
