"""Case studies as they are kept and shown."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from pdu_shared.contracts.resources.change import SystemChangeAim
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound


class CaseStudyState(StrEnum):
    """Where a case study is on its way."""

    DRAFT = "draft"
    CONSENTED = "consented"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class CaseStudy(BaseModel):
    """A case study."""

    case_study_id: UUID
    state: CaseStudyState
    title: str
    body: str
    organisation_id: UUID | None
    organisation: str | None
    workstreams: list[str]
    aims: list[SystemChangeAim]
    impact_ids: list[UUID]
    shown_until: date | None
    published_at: datetime | None
    version: int


def told_of(found: CaseStudy) -> dict[str, Any]:
    """What every message about a case study says."""
    names = ("case_study_id", "organisation_id", "workstreams", "aims", "impact_ids")
    return {name: getattr(found, name) for name in names}


def seen(row: asyncpg.Record) -> CaseStudy:
    """A row as it is shown."""
    states = (
        (row["withdrawn_at"], CaseStudyState.WITHDRAWN),
        (row["published_at"], CaseStudyState.PUBLISHED),
        (row["reviewed_at"], CaseStudyState.REVIEWED),
        (row["consented_at"], CaseStudyState.CONSENTED),
    )
    state = next((state for at, state in states if at is not None), CaseStudyState.DRAFT)
    names = [name for name in CaseStudy.model_fields if name != "state"]
    return CaseStudy(state=state, **{name: row[name] for name in names})


async def lock_case_study(conn: Conn, case_study_id: UUID) -> asyncpg.Record:
    """A case study, locked until the transaction ends. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT case_study_id, title, body, organisation_id, organisation, workstreams, aims,
               impact_ids, written_by, consented_at, shown_until, reviewed_at, published_at,
               withdrawn_at, version
          FROM case_study
         WHERE case_study_id = $1
           FOR UPDATE
        """,
        case_study_id,
    )
    if row is None:
        raise NotFound
    return row
