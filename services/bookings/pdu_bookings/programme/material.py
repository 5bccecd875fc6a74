"""Where to find what was shown at a learning event or handed out."""

from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from pdu_bookings.community.convening import look_after
from pdu_bookings.programme.description import Link
from pdu_shared import outbox
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.bookings.material import MaterialAdded, MaterialRemoved
from pdu_shared.contracts.message import Wording
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["learning events"])
_WORDING: TypeAdapter[str] = TypeAdapter(Wording)


class MaterialKind(StrEnum):
    """What it is."""

    SLIDES = "slides"
    HANDOUT = "handout"
    RECORDING = "recording"
    LINK = "link"


class AddMaterial(Form):
    """Something to find again: an address, or an item of the online hub."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "slides",
                    "title": "The first visit, step by step",
                    "url": "https://hub.example.org/first-visit.pdf",
                }
            ]
        }
    )

    kind: MaterialKind
    title: PublishedLine
    url: Annotated[Link | None, Field(description="Where it is, for everybody")] = None
    item_id: Annotated[
        UUID | None, Field(description="The item of the hub; a recording is always one")
    ] = None

    @model_validator(mode="after")
    def _is_in_one_place(self) -> Self:
        if (self.url is None) == (self.item_id is None):
            msg = "Give either its address or its item in the hub."
            raise ValueError(msg)
        if self.kind is MaterialKind.RECORDING and self.item_id is None:
            msg = "A recording is an item of the hub, where members play it."
            raise ValueError(msg)
        return self


class Material(BaseModel):
    """What was shown or handed out, and where to find it."""

    material_id: UUID
    kind: MaterialKind
    title: str
    url: str | None
    item_id: UUID | None


class Materials(BaseModel):
    """The materials of a learning event, in the order in which they were added."""

    items: list[Material]


@router.get("/learning-events/{learning_event_id}/materials")
async def materials(learning_event_id: UUID, database: Store) -> Materials:
    """What was shown at a learning event, or handed out."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await conn.fetchval(
            """
            SELECT true FROM learning_event
             WHERE learning_event_id = $1 AND published_at IS NOT NULL
            """,
            learning_event_id,
        )
        if not found:
            raise NotFound
        rows = await conn.fetch(
            """
            SELECT material_id, kind, title, url, item_id
              FROM material
             WHERE learning_event_id = $1
             ORDER BY material_id
            """,
            learning_event_id,
        )
    return Materials(items=[Material(**row) for row in rows])


@router.post(
    "/learning-events/{learning_event_id}/materials", status_code=201, response_model=Material
)
async def add(  # noqa: PLR0913 - each is asked for by its type
    *,
    learning_event_id: UUID,
    form: AddMaterial,
    database: Store,
    caller: Who,
    asked: Asked,
    now: Now,
) -> Response:
    """Say where something can be found. Convenors do so for sessions of their community."""
    use_case = partial(_add, learning_event_id=learning_event_id, form=form, caller=caller, now=now)
    return await once(database, asked, use_case)


@router.delete("/learning-events/{learning_event_id}/materials/{material_id}", status_code=204)
async def remove(
    learning_event_id: UUID, material_id: UUID, database: Store, caller: Who, now: Now
) -> Response:
    """Take something off the page. Twice is once."""
    async with transaction(database) as conn:
        await look_after(conn, caller, learning_event_id, now=now)
        removed = await conn.execute(
            "DELETE FROM material WHERE material_id = $1 AND learning_event_id = $2",
            material_id,
            learning_event_id,
        )
        if removed == "DELETE 1":
            told = MaterialRemoved(material_id=material_id, learning_event_id=learning_event_id)
            await outbox.add(conn, told)
    return Response(status_code=204)


async def _add(
    conn: Conn, *, learning_event_id: UUID, form: AddMaterial, caller: Caller, now: datetime
) -> Answer:
    await look_after(conn, caller, learning_event_id, now=now)
    material = Material(material_id=uuid7(), **form.model_dump())
    added = await conn.fetchval(
        """
        INSERT INTO material (material_id, learning_event_id, kind, title, url, item_id, added_at)
        SELECT $1, learning_event_id, $3, $4, $5, $6, $7
          FROM learning_event
         WHERE learning_event_id = $2
     RETURNING true
        """,
        material.material_id,
        learning_event_id,
        material.kind,
        material.title,
        material.url,
        material.item_id,
        now,
    )
    if not added:
        raise NotFound
    await outbox.add(
        conn,
        MaterialAdded(
            material_id=material.material_id,
            learning_event_id=learning_event_id,
            kind=material.kind,
            title=material.title,
            url=_fit_to_tell(material.url),
            item_id=material.item_id,
        ),
    )
    return Answer.of(material)


def _fit_to_tell(url: str | None) -> str | None:
    """The address, unless it holds what looks like somebody's number: then it is not told."""
    try:
        return None if url is None else _WORDING.validate_python(url)
    except ValidationError:
        return None
