"""Experts by experience, as they and those who support them see and change it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.lived_experience.auditing import note_read
from pdu_bookings.lived_experience.contact import Contact, ContactWay
from pdu_bookings.lived_experience.days import DayThatCame
from pdu_bookings.lived_experience.expert_rows import (
    Expert,
    experts_of,
    insert_training,
    lock_expert,
    trainings_of,
    update_expert,
)
from pdu_bookings.lived_experience.support import tell_support
from pdu_bookings.rules.privacy import is_audited
from pdu_shared.access import Who
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["lived experience"])


class ChangeContact(Contact):
    """Another name, or another way to be reached."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"preferred_name": "Will", "contact_way": "post", "reach": "12 Mapperley Road"}
            ]
        }
    )


class Training(Form):
    """What an expert prepared themselves with, such as deciding what to share."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "deciding_what_to_share", "taken_on": "2026-09-14"}]
        }
    )

    kind: Code
    taken_on: DayThatCame


class HandOver(Form):
    """Who supports an expert from now on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ambassador_id": "0b1c7a52-6d0e-8f3a-9a41-5f8f6f0c2d11"}]}
    )

    ambassador_id: UUID = Field(description="The `sub` of the ambassador")


class TrainingTaken(BaseModel):
    """What an expert prepared themselves with, and when."""

    kind: Code
    taken_on: date


class ExpertSeen(BaseModel):
    """An expert as they, and whoever supports them, see it."""

    expert_id: UUID
    preferred_name: str
    contact_way: ContactWay
    reach: str | None
    ambassador_id: UUID
    trainings: list[TrainingTaken]


class Experts(BaseModel):
    """The expert who calls, or those whom an ambassador supports."""

    items: list[ExpertSeen]


@router.get("/lived-experience/experts")
async def read_experts(database: Store, caller: Who) -> Experts:
    """The expert who calls, or those whom an ambassador supports, by name."""
    async with database.pool.acquire(timeout=5) as conn:
        return Experts(items=await seen(conn, await experts_of(conn, caller)))


@router.get("/lived-experience/experts/{expert_id}")
async def read_expert(expert_id: UUID, database: Store, caller: Who, now: Now) -> ExpertSeen:
    """One expert. That a coordinator looked is written down."""
    async with transaction(database) as conn:
        expert = await lock_expert(conn, expert_id)
        standing = expert.standing(caller)
        if is_audited(standing):
            await note_read(conn, caller, kind="expert", of_id=expert_id, now=now)
        [found] = await seen(conn, [expert])
    return found


@router.put("/lived-experience/experts/{expert_id}/contact")
async def change_contact(
    expert_id: UUID, form: ChangeContact, database: Store, caller: Who
) -> ExpertSeen:
    """Change what an expert is called, and how they hear from us."""
    async with transaction(database) as conn:
        expert = await lock_expert(conn, expert_id)
        expert.standing(caller)
        changed = replace(expert, **form.model_dump())
        await update_expert(conn, changed)
        [found] = await seen(conn, [changed])
    return found


@router.put("/lived-experience/experts/{expert_id}/ambassador", status_code=204)
async def hand_over(expert_id: UUID, form: HandOver, runtime: Here, caller: Who) -> None:
    """Let another ambassador support an expert: the coordinator, or the one who does now."""
    async with transaction(runtime.database) as conn:
        expert = await lock_expert(conn, expert_id)
        expert.standing(caller)
        supported = replace(expert, ambassador_id=form.ambassador_id)
        await update_expert(conn, supported)
        await tell_support(conn, runtime, supported)


@router.put("/lived-experience/experts/{expert_id}/trainings")
async def note_training(
    expert_id: UUID, form: Training, database: Store, caller: Who
) -> ExpertSeen:
    """Write down what an expert prepared themselves with. Twice is once."""
    async with transaction(database) as conn:
        expert = await lock_expert(conn, expert_id)
        expert.standing(caller)
        await insert_training(conn, expert_id, form.kind, form.taken_on)
        [found] = await seen(conn, [expert])
    return found


async def seen(conn: Conn, experts: Sequence[Expert]) -> list[ExpertSeen]:
    """Experts with what they prepared themselves with."""
    taken: dict[UUID, list[TrainingTaken]] = {}
    for row in await trainings_of(conn, [expert.expert_id for expert in experts]):
        training = TrainingTaken(kind=row["kind"], taken_on=row["taken_on"])
        taken.setdefault(row["expert_id"], []).append(training)
    return [
        ExpertSeen(
            expert_id=expert.expert_id,
            preferred_name=expert.preferred_name,
            contact_way=expert.contact_way,
            reach=expert.reach,
            ambassador_id=expert.ambassador_id,
            trainings=taken.get(expert.expert_id, []),
        )
        for expert in experts
    ]
