"""Whoever wants it is reminded of a module, on a day that they choose; nobody else is."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from pdu_resources.learning.progress import Learner, State, learner
from pdu_resources.learning.reminding import settle_reminder
from pdu_resources.learning.suite import ModuleKey
from pdu_resources.member.same_person import ids_of
from pdu_resources.usage.activity import account_of
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.resources.learning import ModuleReminderSet
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["e-learning"])

LATEST = timedelta(days=366)


class RemindMe(Form):
    """When somebody wants to be reminded."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"remind_on": "2027-02-01"}]})

    remind_on: Day


class Reminder(BaseModel):
    """When somebody is reminded of a module; null where they are not."""

    remind_on: date | None


@router.get("/modules/{module_key}/reminder")
async def read_reminder(module_key: ModuleKey, database: Store, caller: Who) -> Reminder:
    """When I am reminded of this module."""
    async with database.pool.acquire(timeout=5) as conn:
        person_id = await account_of(conn, caller)
        one = await learner(conn, person_id, module_key)
        on = await conn.fetchval(
            "SELECT remind_on FROM module_reminder"
            " WHERE module_id = $1 AND person_id = ANY ($2::uuid[])",
            one.module_id,
            await ids_of(conn, person_id),
        )
    return Reminder(remind_on=on)


@router.put("/modules/{module_key}/reminder")
async def remind_me(
    module_key: ModuleKey, form: RemindMe, database: Store, caller: Who, now: Now
) -> Reminder:
    """Send me one letter about this module on a day, in place of any day before.

    Nothing comes once I have completed it. 409 when I have already.
    """
    if not local_day(now) < form.remind_on <= local_day(now) + LATEST:
        told = "Give a day that is to come, within a year."
        raise Refused(errors=[Fault("/remind_on", "not-to-come", told)])
    async with transaction(database) as conn:
        person_id = await account_of(conn, caller)
        one = await learner(conn, person_id, module_key, lock=True)
        if one.state is State.COMPLETED:
            raise Conflict("You have completed it: there is nothing to remind you of.")
        await _set(conn, one, person_id, form.remind_on)
    return Reminder(remind_on=form.remind_on)


@router.delete("/modules/{module_key}/reminder", status_code=204)
async def do_not_remind_me(module_key: ModuleKey, database: Store, caller: Who) -> Response:
    """Send me no letter about this module after all. Twice is once."""
    async with transaction(database) as conn:
        person_id = await account_of(conn, caller)
        one = await learner(conn, person_id, module_key)
        await settle_reminder(conn, one.module_id, await ids_of(conn, person_id))
    return Response(status_code=204)


async def _set(conn: Conn, one: Learner, person_id: UUID, on: date) -> None:
    row = await conn.fetchrow(
        """
        INSERT INTO module_reminder AS kept (reminder_id, module_id, person_id, remind_on)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (person_id, module_id) DO UPDATE SET remind_on = excluded.remind_on
     RETURNING reminder_id, (SELECT title FROM module WHERE module_id = kept.module_id) AS title
        """,
        uuid4(),
        one.module_id,
        person_id,
        on,
    )
    assert row is not None, "it is there now"
    told = ModuleReminderSet(
        reminder_id=row["reminder_id"],
        module_id=one.module_id,
        module_key=one.module_key,
        person_id=person_id,
        title=row["title"],
        remind_on=on,
    )
    await outbox.add(conn, told)
