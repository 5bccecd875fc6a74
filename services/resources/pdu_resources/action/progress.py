"""How far somebody has come with an action, in their own words."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from pdu_resources.action.rows import action_set, lock_own_action
from pdu_resources.action.setting import ActionKept
from pdu_resources.rules.undertaking import may_become
from pdu_resources.versioned.changes import By, note
from pdu_resources.versioned.seen import Version
from pdu_shared import outbox
from pdu_shared.contracts.resources.steering import UndertakingState
from pdu_shared.database import transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Day, Form, Paragraphs
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Store

router = APIRouter(tags=["actions"])


class Report(Form):
    """How far it has come."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"state": "partly", "percent": 50, "note": "One of the two has agreed."}]
        }
    )

    state: UndertakingState
    percent: Annotated[int, Field(ge=0, le=100), WRITTEN_AS_NUMBER] = 0
    note: Paragraphs | None = Field(default=None, description="Kept here, and told nobody else")
    due_on: Annotated[Day | None, Field(description="Another day, if it takes longer")] = None


@router.put("/actions/{action_id}/progress")
async def report(
    action_id: UUID,
    form: Report,
    version: Version,
    database: Store,
    by: By,
) -> ActionKept:
    """Say how far an action has come. Whoever it is for may, and a coordinator.

    409 when no way leads to that state. 412 when somebody else changed it in the meantime.
    """
    async with transaction(database) as conn:
        row = await lock_own_action(conn, action_id, by.caller)
        version.check(row["version"])
        if not may_become(UndertakingState(row["state"]), form.state):
            raise Conflict(f"An action that is {row['state']} cannot become {form.state}.")
        await conn.execute(
            """
            UPDATE action
               SET state = $2, percent = $3, note = $4, due_on = greatest(set_on, $5),
                   version = version + 1, changed_at = $6
             WHERE action_id = $1
            """,
            action_id,
            form.state,
            100 if form.state is UndertakingState.DONE else form.percent,
            form.note,
            form.due_on or row["due_on"],
            by.now,
        )
        was = {name: row[name] for name in ("state", "percent", "due_on")}
        await note(conn, "action", action_id, was, by)
        await outbox.add(conn, await action_set(conn, action_id))
    version.renew(row["version"] + 1)
    return ActionKept(action_id=action_id, state=form.state, version=row["version"] + 1)
