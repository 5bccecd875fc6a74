"""Taking what arrived: every listener deals with every message once.

The effect and the inbox row that says so commit together.

A batch goes through in order. If anything fails, it goes again, each message in a savepoint of
its own, and those that fail wait for another try (`waiting.py`) without holding up the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from pdu_shared import telemetry
from pdu_shared.bus import Thread, continuing
from pdu_shared.contracts.message import Message
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.listening import Listener, hears_of_the_past, name_of
from pdu_shared.parking import park
from pdu_shared.reading import Flaw, Received
from pdu_shared.waiting import wait_for_another_try

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Errand:
    """One message for one listener."""

    listener: Listener
    received: Received

    @property
    def key(self) -> tuple[str, str]:
        """What the inbox knows it by."""
        return name_of(self.listener), str(self.received.envelope.id)


async def take(
    database: Database,
    batch: Sequence[Received | Flaw],
    listeners: dict[type[Message], list[Listener]],
) -> None:
    """Deal with a batch and commit. Raises only when the database cannot be used."""
    try:
        async with transaction(database) as conn:
            for errand in await _admit(conn, batch, listeners):
                await _run(conn, errand)
    except Exception as failure:  # noqa: BLE001 - whatever a listener raises is one of its failures
        log.info("batch goes singly", messages=len(batch), reason=type(failure).__name__)
        async with transaction(database) as conn:
            for errand in await _admit(conn, batch, listeners):
                await _run_or_wait(conn, errand)


async def _admit(
    conn: Conn,
    batch: Sequence[Received | Flaw],
    listeners: dict[type[Message], list[Listener]],
) -> list[Errand]:
    """Write down what arrived; what is left to do now."""
    errands: dict[tuple[str, str], Errand] = {}
    for one in batch:
        if isinstance(one, Flaw):
            await park(conn, one)
            continue
        mine = _who_hears(one, listeners)
        if not mine:
            telemetry.INBOX_PASSED_OVER.labels("not_mine").inc()
        for errand in (Errand(listener, one) for listener in mine):
            first = errands.setdefault(errand.key, errand)
            if first.received.body != one.body:
                await _conflict(conn, one)
    if not errands:
        return []
    states = await _note(conn, list(errands.values()))
    for key, errand in errands.items():
        await _pass_over(conn, errand, states.get(key))
    return [errand for key, errand in errands.items() if states.get(key) == "done"]


def _who_hears(
    received: Received, listeners: dict[type[Message], list[Listener]]
) -> list[Listener]:
    if received.message is None:
        return []
    mine = listeners.get(type(received.message), [])
    # A replay brings history also to those who did not ask for it.
    of_the_past = received.envelope.origin == "import"
    return [one for one in mine if not of_the_past or hears_of_the_past(one)]


async def _pass_over(conn: Conn, errand: Errand, state: str | None) -> None:
    """What is not done now: a duplicate, an older one, or one whose elder waits."""
    match state:
        case None:
            telemetry.INBOX_PASSED_OVER.labels("duplicate").inc()
            if await _known_hash(conn, errand) != errand.received.body_hash:
                await _conflict(conn, errand.received)
        case "stale":
            telemetry.INBOX_PASSED_OVER.labels("stale").inc()
        case "waiting":
            await wait_for_another_try(conn, errand.listener, errand.received, failure=None)


async def _run(conn: Conn, errand: Errand) -> None:
    assert errand.received.message is not None, "only known messages have listeners"
    with continuing(Thread.after(errand.received.envelope)):
        await errand.listener(conn, errand.received.message)


async def _run_or_wait(conn: Conn, errand: Errand) -> None:
    try:
        async with conn.transaction():
            await _run(conn, errand)
    except Exception as failure:
        if conn.is_closed():  # the database went away: nothing is wrong with the message
            raise
        await wait_for_another_try(conn, errand.listener, errand.received, failure=failure)


async def _conflict(conn: Conn, received: Received) -> None:
    envelope = received.envelope
    log.error("another body under a known id", message_id=str(envelope.id), alert="security")
    await park(
        conn,
        Flaw(
            "id_conflict",
            "differs from the first",
            received.body,
            envelope.id,
            envelope.routing_key,
        ),
    )


async def _note(conn: Conn, errands: Sequence[Errand]) -> dict[tuple[str, str], str]:
    """Insert the inbox rows; the state of each new one. Those known already are not among them."""
    rows = await conn.fetch(
        """
        INSERT INTO inbox (listener, message_id, stream, sequence, body_hash, state)
        SELECT listener, message_id, stream, sequence, body_hash,
               CASE WHEN EXISTS (SELECT FROM waiting AS elder
                                  WHERE elder.stream = heard.stream
                                    AND elder.listener = heard.listener) THEN 'waiting'
                    WHEN greatest((SELECT max(kept.sequence)
                                     FROM inbox AS kept
                                    WHERE kept.stream = heard.stream
                                      AND kept.listener = heard.listener),
                                  max(sequence) OVER (PARTITION BY listener, stream ORDER BY place
                                                      ROWS BETWEEN UNBOUNDED PRECEDING
                                                               AND 1 PRECEDING)) > sequence
                         THEN 'stale'
                    ELSE 'done' END
          FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[], $5::bytea[])
               WITH ORDINALITY
               AS heard (listener, message_id, stream, sequence, body_hash, place)
         ORDER BY place
            ON CONFLICT (message_id, listener) DO NOTHING
        RETURNING listener, message_id, state
        """,
        [name_of(errand.listener) for errand in errands],
        [errand.received.envelope.id for errand in errands],
        [errand.received.stream for errand in errands],
        [int(errand.received.envelope.sequence) for errand in errands],
        [errand.received.body_hash for errand in errands],
    )
    return {(row["listener"], str(row["message_id"])): row["state"] for row in rows}


async def _known_hash(conn: Conn, errand: Errand) -> bytes | None:
    known: bytes | None = await conn.fetchval(
        "SELECT body_hash FROM inbox WHERE message_id = $1 AND listener = $2",
        errand.received.envelope.id,
        name_of(errand.listener),
    )
    return known
