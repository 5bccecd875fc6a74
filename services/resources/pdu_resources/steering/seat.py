"""Seats in the steering group: who sits on them, for whom, from when and to when."""

from functools import partial
from typing import Annotated, Self
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from pdu_resources.steering import seat_rows as rows
from pdu_resources.versioned.changes import By, Hand, differing, note
from pdu_resources.versioned.seen import Version
from pdu_resources.vocabulary.checking import not_in_list
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.steering import SeatKind, SteeringMemberAppointed
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.problems import Conflict, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["steering group"])

PERSONAL = frozenset({"name", "person_id"})
"""Fields that no history of changes keeps."""


class Appoint(Form):
    """Who sits on a seat, for whom and how long."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "organisation",
                    "name": "Marian Fitzwalter",
                    "listed": True,
                    "organisation": "Sherwood Outreach",
                    "sector": "voluntary",
                    "role_level": "senior_manager",
                    "starts_on": "2026-04-01",
                }
            ]
        }
    )

    kind: SeatKind
    name: OneLine = Field(description="Forgotten a year after the term has ended")
    listed: StrictBool = Field(
        default=False, description="Whether they agreed that the group reads their name here"
    )
    person_id: UUID | None = Field(default=None, description="Of whoever has an account")
    organisation: OneLine | None = None
    sector: Code | None = None
    role_level: Code | None = None
    chairs: StrictBool = False
    starts_on: Day
    ends_on: Annotated[Day | None, Field(description="The last day of the term")] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind is SeatKind.ORGANISATION and self.organisation is None:
            msg = "Say for which organisation the seat is."
            raise ValueError(msg)
        if self.ends_on and self.ends_on < self.starts_on:
            msg = "A term ends after it begins."
            raise ValueError(msg)
        return self


class SeatKept(BaseModel):
    """A seat as a coordinator keeps it."""

    seat_id: UUID
    version: int


@router.post("/steering/seats", status_code=201, response_model=SeatKept)
async def appoint(form: Appoint, database: Store, asked: Asked, by: By) -> Response:
    """Give somebody a seat. 409 when they have one whose term is open."""
    return await once(database, asked, partial(_appoint, form=form, by=by))


@router.put("/steering/seats/{seat_id}")
async def change(
    seat_id: UUID, form: Appoint, version: Version, database: Store, by: By
) -> SeatKept:
    """Change a seat, or end its term. 412 when somebody else changed it in the meantime."""
    async with transaction(database) as conn:
        row = await rows.lock_seat(conn, seat_id)
        version.check(row["version"])
        await _check(conn, form)
        try:
            await rows.update_seat(conn, seat_id, _columns(form), by.now)
        except asyncpg.UniqueViolationError:
            raise Conflict(_TWICE) from None
        was = differing(row, _columns(form))
        kept = {name: value for name, value in was.items() if name not in PERSONAL}
        await note(conn, "seat", seat_id, kept, by)
        await outbox.add(conn, _appointed(seat_id, form))
    version.renew(row["version"] + 1)
    return SeatKept(seat_id=seat_id, version=row["version"] + 1)


_TWICE = "This person has a seat already. End its term first."


async def _appoint(conn: Conn, *, form: Appoint, by: Hand) -> Answer:
    await _check(conn, form)
    seat_id = uuid7()
    try:
        await rows.insert_seat(conn, seat_id, _columns(form), by.now)
    except asyncpg.UniqueViolationError:
        raise Conflict(_TWICE) from None
    await outbox.add(conn, _appointed(seat_id, form))
    return Answer.of(SeatKept(seat_id=seat_id, version=1))


async def _check(conn: Conn, form: Appoint) -> None:
    faults = [
        *await not_in_list(conn, "sector", [form.sector], ["/sector"]),
        *await not_in_list(conn, "role_level", [form.role_level], ["/role_level"]),
    ]
    if faults:
        raise Refused(errors=faults)


def _columns(form: Appoint) -> dict[str, object]:
    """The columns of a seat, in the order of the statements."""
    whose = organisation_id(form.organisation) if form.organisation else None
    return {
        "kind": form.kind,
        "person_id": form.person_id,
        "name": form.name,
        "listed": form.listed,
        "organisation_id": whose,
        "organisation": form.organisation,
        "sector": form.sector,
        "role_level": form.role_level,
        "chairs": form.chairs,
        "starts_on": form.starts_on,
        "ends_on": form.ends_on,
    }


def _appointed(seat_id: UUID, form: Appoint) -> SteeringMemberAppointed:
    private = form.kind is SeatKind.LIVED_EXPERIENCE
    return SteeringMemberAppointed(
        seat_id=seat_id,
        seat_kind=form.kind,
        person_id=None if private else form.person_id,
        organisation_id=(
            organisation_id(form.organisation) if form.organisation and not private else None
        ),
        sector=None if private else form.sector,
        role_level=None if private else form.role_level,
        starts_on=form.starts_on,
        ends_on=form.ends_on,
    )
