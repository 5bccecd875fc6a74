"""The directory for other directories: as Open Referral UK (HSDS 3.0) shapes it."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from pdu_resources.directory.entry import LocalService
from pdu_resources.directory.rows import select_services, service_of
from pdu_resources.rules.directory import Standing
from pdu_shared.database import Conn
from pdu_shared.identity import derived_id
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["directory"])


class Organization(BaseModel):
    """Whose service it is."""

    id: UUID
    name: str
    description: str


class Phone(BaseModel):
    """A number to ring."""

    id: UUID
    number: str


class Schedule(BaseModel):
    """When it is open, in words."""

    id: UUID
    description: str


class ServiceArea(BaseModel):
    """Where it works."""

    id: UUID
    name: str


class TaxonomyTerm(BaseModel):
    """A work stream."""

    id: UUID
    code: str
    name: str
    description: str
    taxonomy: str


class Attribute(BaseModel):
    """What a service is about."""

    id: UUID
    link_entity: Literal["service"] = "service"
    taxonomy_term: TaxonomyTerm


class Service(BaseModel):
    """A service as HSDS has it. `assured_date` is the day on which it was last confirmed."""

    id: UUID
    name: str
    description: str
    status: Literal["active"] = "active"
    url: str | None
    email: str | None
    eligibility_description: str
    application_process: str
    fees_description: str | None
    assured_date: date
    alert: str | None
    last_modified: AwareDatetime
    organization: Organization
    phones: list[Phone]
    schedules: list[Schedule]
    service_areas: list[ServiceArea]
    attributes: list[Attribute]


class ServicePage(BaseModel):
    """A page of services, with the names that HSDS gives to its parts."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[Service]


@router.get("/directory/hsds/services")
async def page(
    database: Store,
    now: Now,
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ServicePage:
    """The services that are shown, page by page, as other directories read them."""
    async with database.pool.acquire(timeout=5) as conn:
        total, ids = await _listed(conn, number, per_page)
        contents = await _services(conn, ids, local_day(now))
    pages = -(-total // per_page)
    return ServicePage(
        total_items=total,
        total_pages=pages,
        page_number=number,
        size=len(contents),
        first_page=number == 1,
        last_page=number >= pages,
        empty=not contents,
        contents=contents,
    )


@router.get("/directory/hsds/services/{service_id}")
async def one(service_id: UUID, database: Store, now: Now) -> Service:
    """One service that is shown, as other directories read it."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await _services(conn, [service_id], local_day(now))
    if not found:
        raise NotFound
    return found[0]


def _as_hsds(entry: LocalService, labels: dict[str, str]) -> Service:
    key = entry.service_id
    late = entry.standing is Standing.OUT_OF_DATE
    return Service(
        id=key,
        name=entry.title,
        description=entry.offers,
        url=entry.website,
        email=entry.email,
        eligibility_description=entry.for_whom,
        application_process=entry.how_to_refer,
        fees_description=entry.cost,
        assured_date=entry.reviewed_on,
        alert="Nobody has confirmed this for a year." if late else None,
        last_modified=entry.changed_at,
        organization=Organization(
            id=entry.organisation_id, name=entry.organisation, description=entry.organisation
        ),
        phones=[
            Phone(id=derived_id("phone", key, number), number=number)
            for number in (entry.telephone,)
            if number
        ],
        schedules=[
            Schedule(id=derived_id("schedule", key), description=opening)
            for opening in (entry.opening,)
            if opening
        ],
        service_areas=[
            ServiceArea(id=derived_id("service_area", key, code), name=labels.get(code, code))
            for code in entry.areas
        ],
        attributes=[_attribute(key, code, labels) for code in entry.workstreams],
    )


def _attribute(key: UUID, code: str, labels: dict[str, str]) -> Attribute:
    label = labels.get(code, code)
    term: dict[str, Any] = {"code": code, "name": label, "description": label}
    return Attribute(
        id=derived_id("attribute", key, code),
        taxonomy_term=TaxonomyTerm(
            id=derived_id("workstream", code), taxonomy="PDU work streams", **term
        ),
    )


async def _services(conn: Conn, ids: list[UUID], today: date) -> list[Service]:
    labels = await _labels(conn)
    rows = await select_services(conn, ids)
    return [_as_hsds(service_of(row, today), labels) for row in rows if not row["hidden"]]


async def _listed(conn: Conn, number: int, per_page: int) -> tuple[int, list[UUID]]:
    rows = await conn.fetch(
        """
        SELECT service_id
          FROM local_service
         WHERE NOT hidden
         ORDER BY title, service_id
        OFFSET $1
         LIMIT $2
        """,
        (number - 1) * per_page,
        per_page,
    )
    total = await conn.fetchval("SELECT count(*) FROM local_service WHERE NOT hidden")
    return total, [row["service_id"] for row in rows]


async def _labels(conn: Conn) -> dict[str, str]:
    """What people call each area and each work stream, by the latest name."""
    rows = await conn.fetch(
        """
        SELECT code::text, label FROM area
        UNION ALL
        (SELECT DISTINCT ON (code) code::text, label
           FROM workstream
          ORDER BY code, valid_from DESC)
        """
    )
    return {row["code"]: row["label"] for row in rows}
