"""Who gets which list: every change with its date, its basis, and what it was told as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from pdu_shared import outbox
from pdu_shared.contracts.notifications import (
    SubscriptionConfirmed,
    SubscriptionEnded,
    SubscriptionStarted,
)
from pdu_shared.contracts.vocabulary import MailingList, SubscriptionBasis, SubscriptionState
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7

FIRST_WORDING = 1
How: TypeAlias = Literal[
    "form", "confirmation", "preferences", "one_click", "complaint", "soft_opt_in"
]
_TOLD = {
    SubscriptionState.PENDING_CONFIRMATION: SubscriptionStarted,
    SubscriptionState.ACTIVE: SubscriptionConfirmed,
    SubscriptionState.UNSUBSCRIBED: SubscriptionEnded,
    SubscriptionState.SUPPRESSED: SubscriptionEnded,
}


WANTED = frozenset({SubscriptionState.PENDING_CONFIRMATION, SubscriptionState.ACTIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How and when lists are brought into another state."""

    how: How
    at: datetime
    wording: int | None = None
    """The version that was read before, where there is something to agree to."""
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """How somebody stands to one list."""

    subscription_id: UUID
    list: MailingList
    state: SubscriptionState
    basis: SubscriptionBasis
    wording: int
    source: str | None
    changed_at: datetime


async def subscriber(
    conn: Conn, person_id: UUID, *, now: datetime, topics: Sequence[str] = ()
) -> UUID:
    """The id under which a person gets lists; new for whoever has none. Topics chosen stay."""
    subscriber_id: UUID = await conn.fetchval(
        """
        INSERT INTO subscriber AS known (subscriber_id, person_id, topics, asked_at)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (person_id) DO UPDATE
           SET asked_at = excluded.asked_at,
               topics = CASE WHEN known.topics = '{}' THEN excluded.topics ELSE known.topics END
        RETURNING subscriber_id
        """,
        uuid7(),
        person_id,
        list(topics),
        now,
    )
    return subscriber_id


async def put_on(conn: Conn, person_id: UUID, one: MailingList, *, now: datetime) -> None:
    """Put somebody on a list that nobody has to ask for, as a letter of it is about to go.

    Whoever left it, or is on it, stays as they are. The letter has the link that leads out.
    """
    subscriber_id = await subscriber(conn, person_id, now=now)
    if one.must_be_asked_for or one in await subscriptions(conn, subscriber_id):
        return
    step = Step(how="soft_opt_in", at=now, wording=FIRST_WORDING)
    await move(conn, subscriber_id, {one: SubscriptionState.ACTIVE}, step)


async def lock_subscriber(conn: Conn, subscriber_id: UUID) -> UUID | None:
    """The person behind a subscriber, whose lists nobody else changes until the end."""
    person_id: UUID | None = await conn.fetchval(
        "SELECT person_id FROM subscriber WHERE subscriber_id = $1 FOR UPDATE", subscriber_id
    )
    return person_id


async def subscriptions(conn: Conn, subscriber_id: UUID) -> dict[MailingList, Subscription]:
    """The lists that a subscriber ever asked for."""
    rows = await conn.fetch(
        """
        SELECT subscription_id, list, state, basis, wording, source, changed_at
          FROM subscription
         WHERE subscriber_id = $1
         ORDER BY list
        """,
        subscriber_id,
    )
    found = (
        Subscription(
            row["subscription_id"],
            MailingList(row["list"]),
            SubscriptionState(row["state"]),
            SubscriptionBasis(row["basis"]),
            row["wording"],
            row["source"],
            row["changed_at"],
        )
        for row in rows
    )
    return {one.list: one for one in found}


async def current_wording(conn: Conn, now: datetime) -> tuple[int, str]:
    """What people read at this time before they ask for a list, and its version."""
    row = await conn.fetchrow(
        """
        SELECT version, words FROM consent_wording
         WHERE applies_from <= $1 ORDER BY version DESC LIMIT 1
        """,
        now,
    )
    assert row is not None, "the migration brings the first"
    return row["version"], row["words"]


async def move(
    conn: Conn, subscriber_id: UUID, states: Mapping[MailingList, SubscriptionState], step: Step
) -> None:
    """Bring these lists into these states. What stands so already is left alone."""
    known = await subscriptions(conn, subscriber_id)
    for one, state in states.items():
        found = known.get(one)
        # To leave a list that nobody has to ask for is also to say no to it beforehand.
        if found.state is not state if found else state in WANTED or not one.must_be_asked_for:
            await _write(conn, subscriber_id, _moved(one, found, state, step), how=step.how)


def _moved(
    one: MailingList, found: Subscription | None, state: SubscriptionState, step: Step
) -> Subscription:
    return Subscription(
        found.subscription_id if found else uuid7(),
        one,
        state,
        _basis(found, step),
        step.wording or (found.wording if found else 0),
        step.source or (found.source if found else None),
        step.at,
    )


def _basis(found: Subscription | None, step: Step) -> SubscriptionBasis:
    if step.how in {"form", "confirmation", "preferences"}:
        return SubscriptionBasis.CONSENT
    return found.basis if found else SubscriptionBasis.SOFT_OPT_IN


async def _write(conn: Conn, subscriber_id: UUID, one: Subscription, *, how: How) -> None:
    """Keep how a subscription stands, add the step that led there, and tell of it."""
    await conn.execute(
        """
        INSERT INTO subscription (subscription_id, subscriber_id, list, state, basis, wording,
                                  source, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (subscription_id) DO UPDATE
           SET state = excluded.state, basis = excluded.basis, wording = excluded.wording,
               source = excluded.source, changed_at = excluded.changed_at
        """,
        one.subscription_id,
        subscriber_id,
        one.list,
        one.state,
        one.basis,
        one.wording,
        one.source,
        one.changed_at,
    )
    await conn.execute(
        """
        INSERT INTO subscription_step (step_id, subscription_id, state, basis, wording, how, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        uuid7(),
        one.subscription_id,
        one.state,
        one.basis,
        one.wording,
        how,
        one.changed_at,
    )
    told = _TOLD[one.state]
    await outbox.add(
        conn,
        told(
            subscription_id=one.subscription_id,
            list=one.list,
            basis=one.basis,
            source=one.source,
        ),
    )
