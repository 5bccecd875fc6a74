"""Whom a learning event is meant for, as a coordinator says it and a form tells it."""

from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from pdu_bookings.category import Categories
from pdu_bookings.rules.audience import MeantFor
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Here

router = APIRouter(tags=["places"])

WELCOME = (
    "If you are somebody else you are welcome to ask: a coordinator decides and writes to you. "
    "Until then your place is kept, if there is one."
)


class SayWhomItIsFor(Form):
    """Whom a learning event is meant for. Nothing said is everybody."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"by_audience": True, "sectors": ["statutory"]}]}
    )

    by_audience: Annotated[
        StrictBool, Field(description="Whether its `audience` decides, and is no mere label")
    ] = False
    sectors: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    work_fields: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    after: Annotated[
        tuple[UUID, ...],
        Field(
            max_length=20,
            description="The `template_id` of learning events of which people should have "
            "attended one before",
        ),
    ] = ()

    @property
    def everybody(self) -> bool:
        """Whether it is for everybody alike."""
        return not (self.by_audience or self.sectors or self.work_fields or self.after)


class BuildsOn(BaseModel):
    """What people should have attended before."""

    template_id: UUID
    title: str


class WhomItIsFor(BaseModel):
    """Whom a learning event is meant for. Others ask, and a coordinator decides."""

    audience: list[str] = Field(description="The audiences that decide; empty for none")
    role_levels: list[str] = Field(description="Their role levels; empty for all")
    sectors: list[str] = Field(description="Empty for all")
    work_fields: list[str] = Field(description="Empty for all")
    after: list[BuildsOn] = Field(description="One of these should have been attended before")
    words: str = Field(description="For somebody whom it is not meant for")


@router.put("/learning-events/{learning_event_id}/eligibility")
async def say_whom_it_is_for(
    learning_event_id: UUID, form: SayWhomItIsFor, here: Here
) -> WhomItIsFor | None:
    """Say whom a learning event is meant for from now on; null when for everybody.

    Who is outside asks for a yes, and waits behind the others. Who has a place keeps it.
    """
    async with transaction(here.database) as conn:
        await _check(conn, form, here.part(Categories))
        await _replace(conn, learning_event_id, form)
        return await meant_for(conn, learning_event_id)


async def meant_for(conn: Conn, learning_event_id: UUID) -> WhomItIsFor | None:
    """Whom a learning event is meant for; None when for everybody."""
    row = await conn.fetchrow(
        """
        SELECT CASE WHEN by_audience THEN audience ELSE '{}' END AS audience, sectors, work_fields,
               after
          FROM eligibility JOIN learning_event USING (learning_event_id)
         WHERE learning_event_id = $1
        """,
        learning_event_id,
    )
    if row is None:
        return None
    return WhomItIsFor(
        audience=row["audience"],
        role_levels=sorted(MeantFor(audience=row["audience"]).roles),
        sectors=row["sectors"],
        work_fields=row["work_fields"],
        after=[BuildsOn(**one) for one in await _templates(conn, row["after"])],
        words=WELCOME,
    )


async def _check(conn: Conn, form: SayWhomItIsFor, words: Categories) -> None:
    said = [(f"/sectors/{at}", "sector", code) for at, code in enumerate(form.sectors)]
    said += [(f"/work_fields/{at}", "work_field", code) for at, code in enumerate(form.work_fields)]
    await words.check(said, conn)
    known = {one["template_id"] for one in await _templates(conn, form.after)}
    unknown = "No learning event was made from such a template."
    if faults := [
        Fault(f"/after/{at}", "unknown-template", unknown)
        for at, template_id in enumerate(form.after)
        if template_id not in known
    ]:
        raise Refused(errors=faults)


async def _templates(conn: Conn, ids: tuple[UUID, ...] | list[UUID]) -> list[asyncpg.Record]:
    """The titles under which templates were last announced."""
    return await conn.fetch(
        """
        SELECT DISTINCT ON (template_id) template_id, title
          FROM (SELECT coalesce(template_id, learning_event_id) AS template_id, title, announced_at
                  FROM learning_event) AS made
         WHERE template_id = ANY ($1::uuid[])
         ORDER BY template_id, announced_at DESC
        """,
        list(ids),
    )


async def _replace(conn: Conn, learning_event_id: UUID, form: SayWhomItIsFor) -> None:
    found = await conn.fetchval(
        "SELECT true FROM learning_event WHERE learning_event_id = $1 FOR NO KEY UPDATE",
        learning_event_id,
    )
    if not found:
        raise NotFound
    await conn.execute("DELETE FROM eligibility WHERE learning_event_id = $1", learning_event_id)
    if form.everybody:
        return
    await conn.execute(
        """
        INSERT INTO eligibility (learning_event_id, by_audience, sectors, work_fields, after)
        VALUES ($1, $2, $3, $4, $5)
        """,
        learning_event_id,
        form.by_audience,
        form.sectors,
        form.work_fields,
        form.after,
    )
