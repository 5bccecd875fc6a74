"""What happened in the world while figures went up or down: a pandemic, a change of funding."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pdu_resources.versioned.changes import By, Hand, differing, note
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.explaining import AnnotationAdded
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, PublishedLine
from pdu_shared.identity import derived_id
from pdu_shared.runtime import Store

router = APIRouter(tags=["explaining figures"])


class Annotate(Form):
    """What happened, and when. Figures over time show it beside the years and months it touches."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"label": "First lockdown", "starts_on": "2020-03-23", "ends_on": "2020-07-04"}
            ]
        }
    )

    label: PublishedLine
    starts_on: Day
    ends_on: Annotated[Day | None, Field(description="None while it goes on")] = None
    withdrawn: Annotated[
        bool, Field(strict=True, description="Whether it is to be shown no more")
    ] = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on and self.ends_on < self.starts_on:
            msg = "It ends after it begins."
            raise ValueError(msg)
        return self


class Annotation(BaseModel):
    """Something that happened."""

    code: str
    label: str
    starts_on: date
    ends_on: date | None
    withdrawn: bool


class Annotations(BaseModel):
    """All of them, in the order of their days."""

    items: list[Annotation]


@router.get("/annotations")
async def annotations(database: Store) -> Annotations:
    """What figures over time are to be read with."""
    rows = await database.pool.fetch(
        """
        SELECT code, label, starts_on, ends_on, withdrawn
          FROM annotation
         WHERE NOT withdrawn
         ORDER BY starts_on, code
        """
    )
    return Annotations(items=[Annotation(**row) for row in rows])


@router.put("/annotations/{code}")
async def annotate(
    code: Annotated[Code, Path(description="Its name for programs: first_lockdown")],
    form: Annotate,
    database: Store,
    by: By,
) -> Annotation:
    """Say what happened, or say it otherwise. Doing it twice is doing it once."""
    annotation = Annotation(code=code, **dict(form))
    async with transaction(database) as conn:
        await _annotate(conn, annotation, by)
    return annotation


def annotation_id(code: str) -> UUID:
    """The id of an annotation by its code."""
    return derived_id("annotation", code)


async def _annotate(conn: Conn, annotation: Annotation, by: Hand) -> None:
    told = dict(annotation)
    before = await conn.fetchrow(
        """
        SELECT code, label, starts_on, ends_on, withdrawn
          FROM annotation
         WHERE code = $1
           FOR UPDATE
        """,
        annotation.code,
    )
    if before is not None and dict(before) == told:
        return
    await conn.execute(
        """
        INSERT INTO annotation (annotation_id, code, label, starts_on, ends_on, withdrawn,
                                changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (code) DO UPDATE
           SET label = excluded.label, starts_on = excluded.starts_on, ends_on = excluded.ends_on,
               withdrawn = excluded.withdrawn, changed_at = excluded.changed_at
        """,
        annotation_id(annotation.code),
        *told.values(),
        by.now,
    )
    if before is not None:
        was = differing(before, told)
        await note(conn, "annotation", annotation_id(annotation.code), was, by)
    added = AnnotationAdded(annotation_id=annotation_id(annotation.code), **told)
    await outbox.add(conn, added)
