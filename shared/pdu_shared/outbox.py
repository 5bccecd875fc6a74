"""Promises: messages written down in the transaction of the change that they tell.

Nobody publishes from a request. What is added here goes out after the commit, by `relay.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from pdu_shared.bus import Thread, current_thread
from pdu_shared.contracts.message import MAX_BYTES, Message
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.sealing import Sealer


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


def sealed(message: Message, sealer: Sealer, *, thread: Thread | None = None) -> Promise:
    """A promise that only the service it is for can open."""
    assert message.sealed_for is not None, "a message that is not sealed for anybody"
    token = sealer.seal(message.sealed_for, message.model_dump_json().encode())
    return Promise(message, thread or current_thread(), sealed=token)


async def add(conn: Conn, *told: Message | Promise) -> None:
    """Promise messages, in this order. They go out if, and only if, the transaction commits.

    Raises `UnsealedError` for a message that must be sealed first, `TooLargeError` above 64 KiB.
    """
    if not told:
        return
    now = datetime.now(UTC)
    promises = [one if isinstance(one, Promise) else Promise(one) for one in told]
    ids = [uuid7() for _ in promises]
    await _insert(
        conn,
        promises,
        ids=ids,
        bodies=[opened(one, key, now) for one, key in zip(promises, ids, strict=True)],
        now=now,
    )


def opened(promise: Promise, message_id: UUID, now: datetime) -> str:
    """The body up to its last attribute, `sequence`, which the database gives."""
    message = promise.message
    if message.sealed_for and not promise.sealed:
        raise UnsealedError(message.routing_key())
    key = message.routing_key()
    thread = promise.thread
    attributes = [
        f'"specversion":"1.0","id":"{message_id}","source":"/{message.service()}"',
        f'"type":"pdu.{key}","subject":"{message.subject}"',
        f'"time":"{(promise.happened_at or now).isoformat()}","recordedtime":"{now.isoformat()}"',
        f'"dataschema":"/schemas/{key}","correlationid":"{thread.correlation_id}"',
        f'"origin":"{thread.origin}"',
    ]
    if thread.causation_id:
        attributes.append(f'"causationid":"{thread.causation_id}"')
    if thread.traceparent:
        attributes.append(f'"traceparent":"{thread.traceparent}"')
    if promise.sealed:
        attributes.append(f'"datacontenttype":"application/jose","data":"{promise.sealed}"')
    else:
        data = message.model_dump_json()
        attributes.append(f'"datacontenttype":"application/json","data":{data}')
    body = "{" + ",".join(attributes)
    if len(body.encode()) > MAX_BYTES - 32:
        raise TooLargeError(key)
    return body


async def _insert(
    conn: Conn, promises: Sequence[Promise], *, ids: list[UUID], bodies: list[str], now: datetime
) -> None:
    # Sequences count within one exchange and subject. Two writers of one subject hold its row's
    # lock already; where they do not, the unique constraint lets only one of them commit.
    await conn.execute(
        """
        INSERT INTO outbox (message_id, exchange, routing_key, subject, sequence, body, occurred_at)
        SELECT message_id, exchange, routing_key, subject, sequence,
               opened || ',"sequence":"' || lpad(sequence::text, 10, '0') || '"}', occurred_at
          FROM (SELECT told.*,
                       row_number() OVER (PARTITION BY exchange, subject ORDER BY place)
                       + coalesce((SELECT max(kept.sequence)
                                     FROM outbox AS kept
                                    WHERE kept.exchange = told.exchange
                                      AND kept.subject = told.subject), 0) AS sequence
                  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
                              $6::timestamptz[])
                       WITH ORDINALITY
                       AS told (message_id, exchange, routing_key, subject, opened, occurred_at,
                                place)) AS numbered
         ORDER BY place
        """,
        ids,
        [one.message.exchange() for one in promises],
        [one.message.routing_key() for one in promises],
        [one.message.subject for one in promises],
        bodies,
        [one.happened_at or now for one in promises],
    )
