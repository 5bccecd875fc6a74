"""Setting an action: at a meeting of the steering group, for an objective, in a working group."""

from dataclasses import dataclass
from functools import partial
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pdu_resources.action import rows
from pdu_resources.steering.meeting import lock_meeting
from pdu_resources.versioned.changes import By, Hand
from pdu_resources.working_group.group import lock_own_group
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.steering import UndertakingState
from pdu_shared.database import Conn
from pdu_shared.forms import Day, Form, OneLine, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["actions"])


class SetAction(Form):
    """What is to be done, by when, and by whom: one of the ways to say who."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "what": "Ask housing associations for two places in the group.",
                    "due_on": "2027-01-31",
                    "role": "coordinator",
                }
            ]
        }
    )

    what: Paragraphs
    due_on: Day
    seat_id: UUID | None = Field(default=None, description="Somebody in the steering group")
    membership_id: UUID | None = Field(default=None, description="Somebody in a working group")
    organisation: OneLine | None = None
    role: Code | None = Field(default=None, description="Such as coordinator")

    @model_validator(mode="after")
    def _one_who(self) -> Self:
        named = (self.seat_id, self.membership_id, self.organisation, self.role)
        if sum(one is not None for one in named) != 1:
            msg = "Say who: a seat, a membership, an organisation or a role, one of them."
            raise ValueError(msg)
        return self


class ActionKept(BaseModel):
    """An action, as it is kept now."""

    action_id: UUID
    state: UndertakingState
    version: int


@dataclass(frozen=True, slots=True)
class Of:
    """Where an action is set: one of the three."""

    meeting_id: UUID | None = None
    objective_id: UUID | None = None
    group_id: UUID | None = None


@router.post("/steering/meetings/{meeting_id}/actions", status_code=201, response_model=ActionKept)
async def at_meeting(
    meeting_id: UUID, form: SetAction, database: Store, asked: Asked, by: By
) -> Response:
    """Set an action at a meeting of the steering group."""
    use_case = partial(_at_meeting, meeting_id=meeting_id, form=form, by=by)
    return await once(database, asked, use_case)


@router.post("/objectives/{objective_id}/actions", status_code=201, response_model=ActionKept)
async def for_objective(
    objective_id: UUID, form: SetAction, database: Store, asked: Asked, by: By
) -> Response:
    """Set an action for an objective of a plan."""
    use_case = partial(_for_objective, objective_id=objective_id, form=form, by=by)
    return await once(database, asked, use_case)


@router.post("/working-groups/{group_id}/actions", status_code=201, response_model=ActionKept)
async def in_group(
    group_id: UUID, form: SetAction, database: Store, asked: Asked, by: By
) -> Response:
    """Set an action in a working group. Its leads may, and a coordinator."""
    use_case = partial(_in_group, group_id=group_id, form=form, by=by)
    return await once(database, asked, use_case)


async def _at_meeting(conn: Conn, *, meeting_id: UUID, form: SetAction, by: Hand) -> Answer:
    if (await lock_meeting(conn, meeting_id))["state"] == "cancelled":
        raise Conflict("This meeting was cancelled.")
    return await _set(conn, Of(meeting_id=meeting_id), form, by)


async def _for_objective(conn: Conn, *, objective_id: UUID, form: SetAction, by: Hand) -> Answer:
    state = await conn.fetchval(
        """
        SELECT plan.state FROM objective JOIN plan USING (plan_id) WHERE objective_id = $1
           FOR SHARE
        """,
        objective_id,
    )
    if state is None:
        raise NotFound
    if state == "closed":
        raise Conflict("This plan is closed.")
    return await _set(conn, Of(objective_id=objective_id), form, by)


async def _in_group(conn: Conn, *, group_id: UUID, form: SetAction, by: Hand) -> Answer:
    if (await lock_own_group(conn, group_id, by.caller))["ends_on"]:
        raise Conflict("This group has ended.")
    return await _set(conn, Of(group_id=group_id), form, by)


async def _set(conn: Conn, of: Of, form: SetAction, by: Hand) -> Answer:
    today = local_day(by.now)
    faults = await _strangers(conn, of, form)
    if form.due_on < today:
        faults.append(Fault("/due_on", "in-the-past", "Give a day that is still to come."))
    if faults:
        raise Refused(errors=faults)
    action_id = uuid7()
    await conn.execute(
        """
        INSERT INTO action (action_id, meeting_id, objective_id, group_id, what, seat_id,
                            membership_id, organisation_id, organisation, role, set_on, due_on,
                            state, percent, version, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'intended', 0, 1, $13)
        """,
        action_id,
        of.meeting_id,
        of.objective_id,
        of.group_id,
        form.what,
        form.seat_id,
        form.membership_id,
        organisation_id(form.organisation) if form.organisation else None,
        form.organisation,
        form.role,
        today,
        form.due_on,
        by.now,
    )
    await outbox.add(conn, await rows.action_set(conn, action_id))
    return Answer.of(ActionKept(action_id=action_id, state=UndertakingState.INTENDED, version=1))


async def _strangers(conn: Conn, of: Of, form: SetAction) -> list[Fault]:
    """Faults if nobody sits on the seat, or does not belong to the group that sets the action."""
    row = await conn.fetchrow(
        """
        SELECT EXISTS (SELECT FROM seat WHERE seat_id = $1) AS seat,
               EXISTS (SELECT
                         FROM working_group_member
                        WHERE membership_id = $2 AND left_on IS NULL
                          AND ($3::uuid IS NULL OR group_id = $3)) AS member
        """,
        form.seat_id,
        form.membership_id,
        of.group_id,
    )
    assert row is not None, "it selects from nothing"
    faults = []
    if form.seat_id and not row["seat"]:
        faults.append(Fault("/seat_id", "unknown-seat", "There is no such seat."))
    if form.membership_id and not row["member"]:
        faults.append(Fault("/membership_id", "unknown-member", "They do not belong there."))
    return faults
