"""Other tools are told of what is announced: who they are, what they get, how it goes."""

from datetime import datetime, timedelta

from pdu_notifications.webhook import calls, keeping, telling
from pdu_shared.access import Role, allow
from pdu_shared.database import Conn
from pdu_shared.holding import Holding
from pdu_shared.retention import Retention
from pdu_shared.service import Room

CALLS_KEPT_FOR = timedelta(days=30)
_OFFICE = allow(Role.COORDINATOR, Role.OPERATOR)


async def forget_calls(conn: Conn, now: datetime) -> int:
    """Forget calls that were made, given up, or wait for a webhook that is off; how many."""
    done: str = await conn.execute(
        """
        DELETE FROM webhook_call AS call USING webhook
         WHERE webhook.webhook_id = call.webhook_id AND call.changed_at <= $1
           AND (call.state <> 'waiting' OR webhook.state = 'off')
        """,
        now - CALLS_KEPT_FOR,
    )
    return int(done.rsplit(maxsplit=1)[-1])


ROOM = Room(
    routes=(keeping.router,),
    access={
        "GET /webhooks": _OFFICE,
        "POST /webhooks": _OFFICE,
        "GET /webhooks/{webhook_id}/secret": _OFFICE,
        "PUT /webhooks/{webhook_id}/state": _OFFICE,
        "POST /webhooks/{webhook_id}/test": _OFFICE,
        "GET /webhooks/{webhook_id}/calls": _OFFICE,
        "DELETE /webhooks/{webhook_id}": _OFFICE,
    },
    listeners=(telling.tell_webhooks,),
    workers=(calls.call_webhooks,),
    holdings=(
        Holding(
            table="webhook",
            words="Webhooks that you set up",
            copy="SELECT url, made_at FROM webhook WHERE made_by = ANY ($1::uuid[])",
            forget="UPDATE webhook SET made_by = NULL WHERE made_by = ANY ($1::uuid[])",
        ),
    ),
    schedule=(
        Retention(
            data_class="notifications.webhook_call",
            keeps="Calls of webhooks",
            kept_for=CALLS_KEPT_FOR,
            counted_from="the last attempt",
            apply=forget_calls,
        ),
    ),
)
