"""Forgetting: names and addresses of bookings go 28 days after the event, old answers after 30."""

import asyncio
from datetime import date

import asyncpg
import structlog

from pdu_bookings.rules.local_time import local_day
from pdu_shared.again import for_ever
from pdu_shared.database import UNAVAILABLE, Conn, transaction
from pdu_shared.idempotency import forget_answers
from pdu_shared.runtime import Runtime, utc_now

log = structlog.get_logger()

EVERY = 3600.0


async def forget_contacts(runtime: Runtime) -> None:
    """Forget what is due, every hour."""

    async def forget() -> None:
        async with transaction(runtime.database) as conn:
            now = await utc_now()
            contacts = await _purge_contacts(conn, local_day(now))
            answers = await forget_answers(conn, now)
        log.info("forgotten", contacts=contacts, answers=answers)
        await asyncio.sleep(EVERY)

    await for_ever(forget, name="forgetting", survives=(*UNAVAILABLE, asyncpg.PostgresError))


async def _purge_contacts(conn: Conn, today: date) -> int:
    done: str = await conn.execute("DELETE FROM contact WHERE purge_on <= $1", today)
    return int(done.rsplit(maxsplit=1)[-1])
