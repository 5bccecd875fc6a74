"""Nobody is reminded of a module that they completed, or do not want to hear of any more."""

from collections.abc import Sequence
from uuid import UUID

from pdu_shared import outbox
from pdu_shared.contracts.resources.learning import ModuleReminderSet
from pdu_shared.database import Conn


async def settle_reminder(conn: Conn, module_id: UUID, person_ids: Sequence[UUID]) -> None:
    """Remind them of it no more, if they asked for that."""
    rows = await conn.fetch(
        """
        DELETE FROM module_reminder USING module
         WHERE module.module_id = module_reminder.module_id AND module.module_id = $1
           AND person_id = ANY ($2::uuid[])
     RETURNING reminder_id, person_id, module_key, title
        """,
        module_id,
        person_ids,
    )
    told = (ModuleReminderSet(**row, module_id=module_id, remind_on=None) for row in rows)
    await outbox.add(conn, *told)
