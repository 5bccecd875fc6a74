"""Two records that turn out to be one organisation, and two again."""

from datetime import datetime
from uuid import UUID

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from pdu_resources.organisation.rows import (
    lock_registry,
    organisation,
    standings,
    tell_whose_names,
)
from pdu_resources.rules.organisation import is_part_of_itself, root
from pdu_shared import outbox
from pdu_shared.contracts.resources.organisation import OrganisationUnmerged
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["organisations"])


class MergeInto(Form):
    """The record that stands for both from now on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kept_id": "5b1f4d52-3a7e-5c09-9a51-0c4d3f0b7a11"}]}
    )

    kept_id: UUID


class Merged(BaseModel):
    """Two records that are one organisation."""

    kept_id: UUID
    merged_id: UUID


@router.put("/organisations/{organisation_id}/merge")
async def merge(organisation_id: UUID, form: MergeInto, database: Store, now: Now) -> Merged:
    """Take this record and another one for one organisation. The same again changes nothing.

    409 when either is merged already, or when the one would then be a part of itself.
    """
    if form.kept_id == organisation_id:
        raise Refused(errors=[Fault("/kept_id", "same", "Name another organisation.")])
    async with transaction(database) as conn:
        await lock_registry(conn)
        merged = await organisation(conn, organisation_id)
        known = await standings(conn)
        if form.kept_id not in known:
            raise Refused(errors=[Fault("/kept_id", "unknown-organisation")])
        if merged.merged_into is None:
            await _merge(conn, organisation_id, form.kept_id, now)
        elif merged.merged_into != form.kept_id:
            raise Conflict("This record is merged into another one: take them apart first.")
    return Merged(kept_id=form.kept_id, merged_id=organisation_id)


@router.delete("/organisations/{organisation_id}/merge", status_code=204)
async def unmerge(organisation_id: UUID, database: Store, now: Now) -> None:
    """Take two records for two organisations again. Doing it twice is doing it once.

    409 when it would then be a part of itself.
    """
    async with transaction(database) as conn:
        await lock_registry(conn)
        merged = await organisation(conn, organisation_id)
        if merged.merged_into is None:
            return
        kept_id = root(await standings(conn), organisation_id)
        await _point(conn, organisation_id, None, now)
        told = OrganisationUnmerged(kept_id=kept_id, merged_id=organisation_id)
        await outbox.add(conn, told)
        await tell_whose_names(conn, organisation_id)
    log.info("unmerged", organisation_id=str(organisation_id))


async def _merge(conn: Conn, organisation_id: UUID, kept_id: UUID, now: datetime) -> None:
    if (await organisation(conn, kept_id)).merged_into:
        raise Conflict("The record that is to stay is merged itself: name the one it belongs to.")
    await _point(conn, organisation_id, kept_id, now)
    await tell_whose_names(conn, organisation_id)
    log.info("merged", organisation_id=str(organisation_id), kept_id=str(kept_id))


async def _point(conn: Conn, organisation_id: UUID, into: UUID | None, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE organisation SET merged_into = $2, version = version + 1, changed_at = $3
         WHERE organisation_id = $1
        """,
        organisation_id,
        into,
        now,
    )
    known = await standings(conn)
    if is_part_of_itself(known, into or organisation_id) or is_part_of_itself(
        known, organisation_id
    ):
        raise Conflict("The one would be a part of the other: change that first.")
