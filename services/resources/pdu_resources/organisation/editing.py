"""An organisation is described otherwise, or has another name; no part of itself, by any way."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter
from pydantic import ConfigDict

from pdu_resources.member.seen import Version
from pdu_resources.organisation.naming import add_name
from pdu_resources.organisation.registry import Described, Record, check_words, record_of
from pdu_resources.organisation.rows import (
    Organisation,
    lock_registry,
    organisation,
    standings,
    tell,
    tell_whose_names,
)
from pdu_resources.rules.organisation import is_part_of_itself
from pdu_shared.contracts.resources.organisation import OrganisationChanged
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import PublishedLine
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["organisations"])

CIRCLE = Fault("/parent_id", "circle", "An organisation is no part of itself.")


class Edit(Described):
    """What is another now. What is not named stays; null takes it away."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Sherwood Homes", "sector": "voluntary"}]}
    )

    name: PublishedLine | None = None


@router.patch("/organisations/{organisation_id}")
async def edit(
    organisation_id: UUID, form: Edit, version: Version, database: Store, now: Now
) -> Record:
    """Describe an organisation otherwise. A name that it had stays one of its names.

    409 for a name of another, and for a record that is merged; 412 when somebody else changed it
    in the meantime; 422 when it would be a part of itself.
    """
    async with transaction(database) as conn:
        await lock_registry(conn)
        before = await organisation(conn, organisation_id)
        version.check(before.version)
        if before.merged_into:
            raise Conflict("This record is merged into another one: change that one.")
        if form.parent_id == organisation_id:
            raise Refused(errors=[CIRCLE])
        after = replace(before, **_said(form))
        await check_words(conn, form)
        if after != before:
            await add_name(conn, organisation_id, after.canonical_name, now)
            await _update(conn, after, now)
            if is_part_of_itself(await standings(conn), organisation_id):
                raise Refused(errors=[CIRCLE])
            await tell(conn, OrganisationChanged, organisation_id)
            await tell_whose_names(conn, organisation_id)
        renewed, record = await record_of(conn, organisation_id)
    version.renew(renewed)
    log.info("changed", organisation_id=str(organisation_id))
    return record


def _said(form: Edit) -> dict[str, Any]:
    said = {field: getattr(form, field) for field in form.model_fields_set}
    name = said.pop("name", None)
    return said | ({"canonical_name": name} if name else {})


async def _update(conn: Conn, after: Organisation, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE organisation
           SET canonical_name = $2, sector = $3, area = $4, parent_id = $5, website = $6,
               version = version + 1, changed_at = $7
         WHERE organisation_id = $1
        """,
        after.organisation_id,
        after.canonical_name,
        after.sector,
        after.area,
        after.parent_id,
        after.website,
        now,
    )
