"""Posts the letters whose day has come."""

from datetime import UTC, datetime

import structlog

from pdu_notifications import due
from pdu_notifications.address_book import is_reachable
from pdu_notifications.letter import post
from pdu_notifications.letters import WRITERS
from pdu_notifications.manners import manners
from pdu_notifications.rules.courtesy import Quiet
from pdu_notifications.same_person import ids_of
from pdu_shared.again import rounds
from pdu_shared.bus import continuing
from pdu_shared.database import UNAVAILABLE, Conn, Database, transaction
from pdu_shared.runtime import Runtime

log = structlog.get_logger()

LOOK_EVERY = 1.0


async def post_what_is_due(runtime: Runtime) -> None:
    """Look into the calendar for ever."""
    quiet = Quiet.of(runtime.settings.quiet_hours)

    async def one() -> bool:
        return await post_next(runtime.database, now=datetime.now(UTC), quiet=quiet)

    await rounds(one, name="diary", rest=LOOK_EVERY)


async def post_next(database: Database, *, now: datetime, quiet: Quiet | None = None) -> bool:
    """Post one letter that is due, and take it out of the calendar; False when none is.

    At night, what can wait is put off until the morning.
    """
    taken: due.Due | None = None
    try:
        async with transaction(database) as conn:
            taken = await due.next_due(conn, now=now)
            if taken is not None:
                await _deal_with(conn, taken, now, quiet)
    except UNAVAILABLE:
        raise
    except Exception:
        if taken is None:
            raise
        # Those behind it do not wait for it.
        log.exception("could not be written", kind=taken.kind, related_id=str(taken.related_id))
        async with transaction(database) as conn:
            await due.put_off(conn, taken.key, until=now + due.AGAIN_AFTER)
    return taken is not None


async def _deal_with(conn: Conn, taken: due.Due, now: datetime, quiet: Quiet | None) -> None:
    letter = await WRITERS[taken.kind](conn, taken)
    if letter and letter.list and not await is_reachable(conn, await ids_of(conn, taken.person_id)):
        # Somebody who came without giving an address: nobody has to hear that it was not sent.
        letter = None
    _, quiet = await manners(conn, quiet)
    if letter and (morning := letter.not_before(now, quiet)) > now:
        await due.put_off(conn, taken.key, until=morning)
        return
    await due.strike_out(conn, taken.key)
    if letter:
        with continuing(taken.thread):
            await post(conn, letter)
