"""The group agreement: what everybody who comes agrees to, in versions that stay as they were."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.place.asked import BookingForms
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form, LocalMoment, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["group agreement"])

Version = Annotated[int, Field(ge=1, le=10_000), WRITTEN_AS_NUMBER]

_ONE_AT_A_TIME = 7_365_006


class WriteAgreement(Form):
    """A new text of the group agreement."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "wording": "We listen.\nWhat is said here stays here.",
                    "applies_from": "2027-01-04T00:00",
                }
            ]
        }
    )

    wording: Paragraphs
    applies_from: Annotated[
        LocalMoment, Field(description="From when on everybody who books is asked for it")
    ]


class Agreement(BaseModel):
    """A text of the group agreement."""

    version: int
    wording: str
    applies_from: datetime


class AskForAgreement(Form):
    """What a learning event asks: the agreement of the time, one version of it, or none."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"required": True, "version": None}]})

    required: bool = Field(strict=True, description="False for an event that asks for none")
    version: Version | None = Field(None, description="A certain version; null for the newest")


@router.post("/agreements", status_code=201, response_model=Agreement)
async def write_agreement(form: WriteAgreement, runtime: Here, asked: Asked) -> Response:
    """Publish the next version of the group agreement. It never changes afterwards."""
    answer = await once(runtime.database, asked, partial(_write, form=form))
    runtime.part(BookingForms).read_again()
    return answer


@router.get("/agreements/current")
async def current_agreement(database: Store, now: Now) -> Agreement:
    """The text that is asked for now; 404 while there is none."""
    async with database.pool.acquire(timeout=5) as conn:
        row = await conn.fetchrow(
            """
            SELECT version, wording, applies_from
              FROM agreement
             WHERE applies_from <= $1
             ORDER BY version DESC
             LIMIT 1
            """,
            now,
        )
    return _found(row)


@router.get("/agreements/{version}")
async def agreement(
    version: Annotated[int, Path(ge=1, le=10_000, description="Its number")], database: Store
) -> Agreement:
    """One version of the text, as it was and will be."""
    async with database.pool.acquire(timeout=5) as conn:
        row = await conn.fetchrow(
            "SELECT version, wording, applies_from FROM agreement WHERE version = $1", version
        )
    return _found(row)


@router.put("/learning-events/{learning_event_id}/agreement")
async def ask_for_agreement(
    learning_event_id: UUID, form: AskForAgreement, runtime: Here
) -> AskForAgreement:
    """Say what a learning event asks; without that it asks for the agreement of the time."""
    async with transaction(runtime.database) as conn:
        await _check(conn, learning_event_id, form)
        await conn.execute(
            """
            INSERT INTO event_agreement (learning_event_id, required, version)
            VALUES ($1, $2, $3)
                ON CONFLICT (learning_event_id) DO UPDATE
               SET required = excluded.required, version = excluded.version
            """,
            learning_event_id,
            form.required,
            form.version,
        )
    runtime.part(BookingForms).read_again()
    return form


async def _write(conn: Conn, *, form: WriteAgreement) -> Answer:
    await conn.execute("SELECT pg_advisory_xact_lock($1)", _ONE_AT_A_TIME)
    row = await conn.fetchrow(
        """
        INSERT INTO agreement (version, wording, applies_from)
        SELECT coalesce(max(version), 0) + 1, $1, $2 FROM agreement
        RETURNING version, wording, applies_from
        """,
        form.wording,
        form.applies_from,
    )
    return Answer.of(_found(row))


async def _check(conn: Conn, learning_event_id: UUID, form: AskForAgreement) -> None:
    known = await conn.fetchrow(
        """
        SELECT EXISTS (SELECT FROM learning_event WHERE learning_event_id = $1) AS event,
               $2::int IS NULL OR EXISTS (SELECT FROM agreement WHERE version = $2) AS version
        """,
        learning_event_id,
        form.version,
    )
    assert known is not None, "an answer without a table has one row"
    if not known["event"]:
        raise NotFound
    if not known["version"]:
        raise Refused(errors=[Fault("/version", "unknown-version", "There is no such version.")])


def _found(row: asyncpg.Record | None) -> Agreement:
    if row is None:
        raise NotFound
    return Agreement(**row)
