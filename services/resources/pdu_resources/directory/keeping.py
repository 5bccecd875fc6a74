"""An organisation keeps its entries: it describes a service, changes it, hides it or shows it."""

from functools import partial
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict, StrictBool

from pdu_resources.directory.entry import DescribeService, LocalService
from pdu_resources.directory.rows import (
    DESCRIBED,
    insert_service,
    lock_service,
    select_services,
    service_of,
    update_service,
)
from pdu_resources.organisation.rows import are_one, stands_for
from pdu_resources.versioned.changes import By, Hand, differing, note
from pdu_resources.versioned.seen import Version
from pdu_resources.vocabulary.checking import not_in_list, places
from pdu_shared.access import Caller, Role
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["directory"])

TWICE = "This organisation has a service with this title already."


class ShowOrHide(Form):
    """Whether an entry is to be seen."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"hidden": True}]})

    hidden: StrictBool


@router.post("/directory/services", status_code=201, response_model=LocalService)
async def describe(form: DescribeService, database: Store, asked: Asked, by: By) -> Response:
    """List a service. Whoever leads an organisation lists its own, a coordinator anybody's.

    409 when the organisation has one with this title.
    """
    return await once(database, asked, partial(_describe, form=form, by=by))


@router.put("/directory/services/{service_id}")
async def describe_anew(
    service_id: UUID,
    form: DescribeService,
    version: Version,
    database: Store,
    by: By,
) -> LocalService:
    """Describe a service anew, which also confirms it for a year.

    412 when somebody else changed it in the meantime.
    """
    async with transaction(database) as conn:
        row = await lock_service(conn, service_id, by.caller)
        version.check(row["version"])
        whose = await _fits(conn, form, by.caller)
        was = differing(row, {name: _kept(getattr(form, name)) for name in DESCRIBED})
        try:
            await update_service(conn, service_id, whose, form, by.now)
        except asyncpg.UniqueViolationError:
            raise Conflict(TWICE) from None
        await note(conn, "local_service", service_id, was, by)
        entry = await _entry(conn, service_id, by)
    version.renew(entry.version)
    return entry


@router.put("/directory/services/{service_id}/visibility")
async def show_or_hide(service_id: UUID, form: ShowOrHide, database: Store, by: By) -> LocalService:
    """Hide an entry from everybody else, or show it again. Doing it twice is doing it once."""
    async with transaction(database) as conn:
        row = await lock_service(conn, service_id, by.caller)
        if row["hidden"] != form.hidden:
            await _hide(conn, service_id, form, by)
            await note(conn, "local_service", service_id, {"hidden": row["hidden"]}, by)
        return await _entry(conn, service_id, by)


async def _describe(conn: Conn, *, form: DescribeService, by: Hand) -> Answer:
    whose = await _fits(conn, form, by.caller)
    service_id = uuid7()
    try:
        await insert_service(conn, service_id, whose, form, by.now)
    except asyncpg.UniqueViolationError:
        raise Conflict(TWICE) from None
    return Answer.of(await _entry(conn, service_id, by))


async def _fits(conn: Conn, form: DescribeService, caller: Caller) -> UUID:
    """Whose service it is. Raises Refused with everything that does not fit."""
    whose = await stands_for(conn, organisation_id(form.organisation))
    faults = [
        *await not_in_list(conn, "area", form.areas, places("/areas", form.areas)),
        *await not_in_list(
            conn, "workstream", form.workstreams, places("/workstreams", form.workstreams)
        ),
    ]
    if not caller.has(Role.COORDINATOR) and not await are_one(conn, whose, caller.organisation_id):
        detail = "You keep the entries of your own organisation, under its own name."
        faults.append(Fault("/organisation", "not-yours", detail))
    if not (form.telephone or form.email or form.website):
        detail = "Say how to reach it: a telephone, an e-mail address or a website."
        faults.append(Fault("", "no-contact", detail))
    if faults:
        raise Refused(errors=faults)
    return whose


def _kept(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


async def _entry(conn: Conn, service_id: UUID, by: Hand) -> LocalService:
    [row] = await select_services(conn, [service_id])
    return service_of(row, local_day(by.now))


async def _hide(conn: Conn, service_id: UUID, form: ShowOrHide, by: Hand) -> None:
    await conn.execute(
        """
        UPDATE local_service SET hidden = $2, version = version + 1, changed_at = $3
         WHERE service_id = $1
        """,
        service_id,
        form.hidden,
        by.now,
    )
