"""Posts the letters whose day has come."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog

from pdu_notifications import due
from pdu_notifications.letters import LETTERS
from pdu_shared.again import rounds
from pdu_shared.bus import continuing
from pdu_shared.database import UNAVAILABLE, Conn, Database, transaction
from pdu_shared.runtime import Runtime

log = structlog.get_logger()

LOOK_EVERY = 1.0
WRITERS: dict[str, Callable[[Conn, due.Due], Awaitable[None]]] = {
    kind: write for letter in LETTERS for kind, write in getattr(letter, "WHEN_DUE", {}).items()
}
"""Who writes which kind of letter when it is due."""


async def post_what_is_due(runtime: Runtime) -> None:
    """Look into the calendar for ever."""

    async def one() -> bool:
        return await post_next(runtime.database, now=datetime.now(UTC))

    await rounds(one, name="diary", rest=LOOK_EVERY)


async def post_next(database: Database, *, now: datetime) -> bool:
    """Post one letter that is due, and take it out of the calendar; False when none is."""
    taken: due.Due | None = None
    try:
        async with transaction(database) as conn:
            taken = await due.take_next(conn, now=now)
            if taken is not None:
                with continuing(taken.thread):
                    await WRITERS[taken.kind](conn, taken)
    except UNAVAILABLE:
        raise
    except Exception:
        if taken is None:
            raise
        # It was put back by the rollback. Those behind it do not wait for it.
        log.exception("could not be written", kind=taken.kind, booking_id=str(taken.booking_id))
        async with transaction(database) as conn:
            await due.postpone(conn, taken.key, now=now)
    return taken is not None
