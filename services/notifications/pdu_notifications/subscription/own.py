"""What somebody gets who has signed in: seen and changed without a link from a letter."""

from fastapi import APIRouter

from pdu_notifications import mailing_list
from pdu_notifications.subscription.preferences import Preferences, Wishes, seen_of, wish
from pdu_shared.access import Who
from pdu_shared.database import snapshot, transaction
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["subscriptions"])


@router.get("/own/preferences")
async def see_own(database: Store, caller: Who) -> Preferences:
    """What I get, and what there is."""
    async with snapshot(database) as conn:
        subscriber_id = await conn.fetchval(
            "SELECT subscriber_id FROM subscriber WHERE person_id = $1", caller.sub
        )
        return await seen_of(conn, subscriber_id)


@router.put("/own/preferences")
async def change_own(form: Wishes, database: Store, caller: Who, now: Now) -> Preferences:
    """Say what I want to get. It counts at once; nobody asks back, as my address is known."""
    if caller.sub is None:
        raise NotFound
    async with transaction(database) as conn:
        subscriber_id = await mailing_list.subscriber(conn, caller.sub, now=now)
        return await wish(conn, subscriber_id, form, now)
