"""What a service is asked to do about a person, written down when it is heard and done soon after.

Done by a worker, not by the listener: it needs keys, and it is tried until it succeeds.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import asyncpg
import structlog

from pdu_shared import outbox
from pdu_shared.again import rounds
from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.resources.protection import ErasureRequested, SubjectAccessRequested
from pdu_shared.database import Conn, transaction
from pdu_shared.erasing import erase, trouble_of
from pdu_shared.gathering import gathered, in_parts
from pdu_shared.holding import Holding
from pdu_shared.runtime import Runtime

log = structlog.get_logger()

LOOK_EVERY = 1.0
LONGEST_PAUSE = timedelta(minutes=10)
Asked = SubjectAccessRequested | ErasureRequested
KINDS = {SubjectAccessRequested: "access", ErasureRequested: "erasure"}


async def note(conn: Conn, message: Asked) -> None:
    """Write down what is asked. The same again is no second task."""
    await conn.execute(
        """
        INSERT INTO protection_task (request_id, kind, person_id, person_ids)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (request_id, kind) DO NOTHING
        """,
        message.request_id,
        KINDS[type(message)],
        message.person_id,
        list(message.person_ids),
    )


LISTENERS = (note,)


async def work(runtime: Runtime, holdings: Sequence[Holding]) -> None:
    """Do what is asked, for ever."""
    await rounds(partial(do_next, runtime, holdings), name="protection", rest=LOOK_EVERY)


async def do_next(
    runtime: Runtime, holdings: Sequence[Holding], *, now: datetime | None = None
) -> bool:
    """Do the task that has waited longest; False when none is due.

    One that fails is tried again after a while, for as long as it takes: whoever answers for it
    sees which service owes an answer.
    """
    now = now or datetime.now(UTC)
    async with transaction(runtime.database) as conn:
        task = await _due(conn, now)
        if task is None:
            return False
        try:
            async with conn.transaction():
                await _do(conn, runtime, holdings, task, now)
        except Exception as failure:
            if conn.is_closed():
                raise
            await _postpone(conn, task, trouble_of(failure), now)
            log.warning(
                "could not do what a person may ask",
                request_id=str(task["request_id"]),
                kind=task["kind"],
                reason=trouble_of(failure),
            )
            return True
    log.info("done for a person", request_id=str(task["request_id"]), kind=task["kind"])
    return True


async def _do(
    conn: Conn, runtime: Runtime, holdings: Sequence[Holding], task: asyncpg.Record, now: datetime
) -> None:
    if task["kind"] == "access":
        content = await gathered(conn, runtime.service, holdings, task["person_ids"], now=now)
        told = in_parts(
            runtime.service, task["request_id"], task["person_id"], content, runtime.sealer
        )
    else:
        sealer = runtime.sealer if runtime.settings.sealing_keys else None
        rows = await erase(conn, holdings, task["person_ids"], sealer=sealer, now=now)
        kind = MESSAGES[f"{runtime.service}.PersonErased"]
        fact = {
            "request_id": task["request_id"],
            "person_id": task["person_id"],
            "rows": rows,
            "done_at": now,
        }
        told = [outbox.Promise(kind.model_validate(fact))]
    await outbox.add(conn, *told)
    await conn.execute(
        """
        UPDATE protection_task SET done_at = $3, reason = NULL WHERE request_id = $1 AND kind = $2
        """,
        task["request_id"],
        task["kind"],
        now,
    )


async def _due(conn: Conn, now: datetime) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT request_id, kind, person_id, person_ids, attempt
          FROM protection_task
         WHERE done_at IS NULL AND next_at <= $1
         ORDER BY next_at
         LIMIT 1
           FOR UPDATE SKIP LOCKED
        """,
        now,
    )


async def _postpone(conn: Conn, task: asyncpg.Record, reason: str, now: datetime) -> None:
    pause = min(timedelta(seconds=2 ** min(task["attempt"], 10)), LONGEST_PAUSE)
    await conn.execute(
        """
        UPDATE protection_task SET attempt = attempt + 1, reason = $3, next_at = $4
         WHERE request_id = $1 AND kind = $2
        """,
        task["request_id"],
        task["kind"],
        reason,
        now + pause,
    )
