"""One click in a mail program ends one list (RFC 8058): no page, no log-in, no question."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Path
from pydantic import BaseModel

from pdu_notifications import mailing_list
from pdu_notifications.reader_link import Purpose, opened
from pdu_shared.contracts.vocabulary import MailingList, SubscriptionState
from pdu_shared.database import Conn, transaction
from pdu_shared.guard import JSON, Bodies
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here, Now

log = structlog.get_logger()
router = APIRouter(tags=["subscriptions"])

CLICK = Bodies(frozenset({JSON, "application/x-www-form-urlencoded", "multipart/form-data"}), 1024)
"""What mail programs send along. It says `List-Unsubscribe=One-Click`, and nothing hangs on it."""

Token = Annotated[str, Path(description="The token of one subscription, from the letter's header")]


class Stopped(BaseModel):
    """A list, and how its reader stands to it."""

    list: MailingList
    state: SubscriptionState


@router.get("/u/{token}")
async def look(token: Token, here: Here) -> Stopped:
    """Which list the link would end. Looking ends nothing: programs look at links by themselves."""
    subscription_id = opened(here, Purpose.ONE_CLICK, token)
    async with here.database.pool.acquire(timeout=5) as conn:
        return await _seen(conn, subscription_id)


@router.post("/u/{token}")
async def stop(token: Token, here: Here, now: Now) -> Stopped:
    """End the list, at once. Ending it twice is ending it once; the link works for ever."""
    subscription_id = opened(here, Purpose.ONE_CLICK, token)
    async with transaction(here.database) as conn:
        found = await conn.fetchrow(
            """
            SELECT subscriber_id, list FROM subscription JOIN subscriber USING (subscriber_id)
             WHERE subscription_id = $1
               FOR UPDATE OF subscriber
            """,
            subscription_id,
        )
        if found is None:
            raise NotFound
        ended = {MailingList(found["list"]): SubscriptionState.UNSUBSCRIBED}
        step = mailing_list.Step(how="one_click", at=now)
        await mailing_list.move(conn, found["subscriber_id"], ended, step)
        seen = await _seen(conn, subscription_id)
    log.info("list ended", subscription_id=str(subscription_id))
    return seen


async def _seen(conn: Conn, subscription_id: UUID) -> Stopped:
    row = await conn.fetchrow(
        "SELECT list, state FROM subscription WHERE subscription_id = $1", subscription_id
    )
    if row is None:
        raise NotFound
    return Stopped(list=row["list"], state=row["state"])
