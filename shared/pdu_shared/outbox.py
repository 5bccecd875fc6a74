"""Promises: messages written down in the transaction of the change that they tell.

Nobody publishes from a request. What is added here goes out after the commit, by `relay.py`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pdu_shared.bus import Thread, current_thread
from pdu_shared.contracts.message import HISTORY, MAX_BYTES, Message
from pdu_shared.database import Conn
from pdu_shared.idempotency import ANSWERS, KEPT, Answer, Key, columns
from pdu_shared.identity import uuid7
from pdu_shared.sealing import Sealer
from pdu_shared.tables import Table, Writing

SURELY_FITS = MAX_BYTES // 4 - 32
"""Letters: none takes more than four bytes."""
NOTHING: Mapping[Key, Answer] = MappingProxyType({})


class UnsealedError(TypeError):
    """Personal data was about to leave in clear."""


class TooLargeError(ValueError):
    """A message is larger than the broker is asked to carry."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A message with what its envelope says beside it."""

    message: Message
    thread: Thread = field(default_factory=current_thread)
    happened_at: datetime | None = None
    sealed: str | None = None

    @property
    def routing_key(self) -> str:
        """The message's own; history has one apart."""
        key = self.message.routing_key()
        return key + HISTORY if self.thread.origin == "import" else key


@dataclass(slots=True)
class Tally:
    """How many messages have been promised."""

    messages: int = 0


_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)


@contextmanager
def counting() -> Iterator[Tally]:
    """Count the messages promised within the block."""
    tally = Tally()
    token = _tally.set(tally)
    try:
        yield tally
    finally:
        _tally.reset(token)


def sealed(message: Message, sealer: Sealer, *, thread: Thread | None = None) -> Promise:
    """A promise that only the service it is for can open."""
    assert message.sealed_for is not None, "a message that is not sealed for anybody"
    token = sealer.seal(message.sealed_for, message.model_dump_json().encode())
    return Promise(message, thread or current_thread(), sealed=token)


async def add(
    conn: Conn, *told: Message | Promise, answered: Mapping[Key, Answer] = NOTHING
) -> None:
    """Promise messages, in this order. They go out if, and only if, the transaction commits.

    Answers to creating requests are kept by the same statement, as `idempotency.keep` would do.
    Raises `UnsealedError` for a message that must be sealed first, `TooLargeError` above 64 KiB.
    """
    if not (told or answered):
        return
    text, given = _ADD.of(columns_of(told), columns(answered))
    await conn.execute(text, *given)


def columns_of(told: Sequence[Message | Promise]) -> list[list[Any]]:
    """Promises as columns of `outbox`. Raises what `add` raises."""
    now = datetime.now(UTC)
    promises = [one if isinstance(one, Promise) else Promise(one) for one in told]
    ids = [uuid7() for _ in promises]
    if tally := _tally.get():
        tally.messages += len(promises)
    exchanges = [one.message.exchange() for one in promises]
    subjects = [one.message.subject for one in promises]
    return [
        ids,
        exchanges,
        [one.routing_key for one in promises],
        subjects,
        _times(zip(exchanges, subjects, strict=True)),
        [opened(one, key, now) for one, key in zip(promises, ids, strict=True)],
        [one.happened_at or now for one in promises],
    ]


def _times(told: Iterable[object]) -> list[int]:
    """How often each of these has come by now."""
    seen: Counter[object] = Counter()
    times = []
    for one in told:
        seen[one] += 1
        times.append(seen[one])
    return times


PROMISES = Table("uuid text text text bigint text timestamptz", numbered=True)


def _written(before: str) -> str:
    return f"""
        answered AS ({KEPT}),
        promised AS (
            INSERT INTO outbox (message_id, exchange, routing_key, subject, sequence, body,
                                occurred_at)
            SELECT message_id, exchange, routing_key, subject, sequence,
                   opened || ',"sequence":"' || lpad(sequence::text, 10, '0') || '"}}}}',
                   occurred_at
              FROM (SELECT told.*, times + {before} AS sequence
                      FROM {{promises}}
                           AS told (message_id, exchange, routing_key, subject, times, opened,
                                    occurred_at, place)) AS numbered
             ORDER BY place)
        """  # noqa: S608 - the text is our own


# Sequences count within one exchange and subject. Two writers of one subject hold its row's
# lock already; where they do not, the unique constraint lets only one of them commit.
_TOLD_BEFORE = """
    coalesce((SELECT max(kept.sequence)
                FROM outbox AS kept
               WHERE kept.exchange = told.exchange AND kept.subject = told.subject), 0)
    """
_ADD = Writing(f"WITH {_written(_TOLD_BEFORE)} SELECT", promises=PROMISES, answers=ANSWERS)
WRITTEN_FIRST = _written("0")
"""What writes promises about what is new, and answers, as part of a statement that writes more:
nobody has to look for what was told of it before. About anything else it raises
UniqueViolationError. Its tables are `promises` and `answers`."""


def opened(promise: Promise, message_id: UUID, now: datetime) -> str:
    """The body up to its last attribute, `sequence`, which the database gives."""
    message = promise.message
    key = message.routing_key()
    if message.sealed_for and not promise.sealed:
        raise UnsealedError(key)
    thread = promise.thread
    recorded = now.isoformat()
    happened = promise.happened_at.isoformat() if promise.happened_at else recorded
    body = (
        f'{{"specversion":"1.0","id":"{message_id}","source":"/{message.service()}",'
        f'"type":"pdu.{key}","subject":"{message.subject}","time":"{happened}",'
        f'"recordedtime":"{recorded}","dataschema":"/schemas/{key}",'
        f'"correlationid":"{thread.correlation_id}","origin":"{thread.origin}",'
    )
    if thread.causation_id:
        body += f'"causationid":"{thread.causation_id}",'
    if thread.traceparent:
        body += f'"traceparent":"{thread.traceparent}",'
    if promise.sealed:
        body += f'"datacontenttype":"application/jose","data":"{promise.sealed}"'
    else:
        body += f'"datacontenttype":"application/json","data":{message.model_dump_json()}'
    if len(body) > SURELY_FITS and len(body.encode()) > MAX_BYTES - 32:
        raise TooLargeError(key)
    return body
