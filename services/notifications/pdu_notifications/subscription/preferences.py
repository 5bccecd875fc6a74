"""What somebody gets, by the link in their letters: seen, confirmed, changed, taken along."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from pdu_notifications import mailing_list
from pdu_notifications.reader_link import Purpose, opened
from pdu_notifications.subscription import topic
from pdu_notifications.subscription.asking import Topics
from pdu_shared.contracts.vocabulary import MailingList, SubscriptionState
from pdu_shared.database import Conn, snapshot, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here, Now

log = structlog.get_logger()
router = APIRouter(tags=["subscriptions"])

Token = Annotated[str, Path(description="The token of a subscriber, from their letters")]
PENDING, ACTIVE = SubscriptionState.PENDING_CONFIRMATION, SubscriptionState.ACTIVE


class ListSeen(BaseModel):
    """How the subscriber stands to one list."""

    list: MailingList
    state: SubscriptionState | None = Field(description="null when they never asked for it")
    since: datetime | None


class Preferences(BaseModel):
    """What somebody gets. It does not say who they are: whoever has the letter sees it."""

    lists: list[ListSeen]
    topics: list[str]
    possible_topics: list[topic.Topic]


class Wishes(Form):
    """All that somebody wants to get from now on; no list ends all of them."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"lists": ["bulletin", "alerts"], "topics": []}]}
    )

    lists: Annotated[list[MailingList], Field(max_length=len(MailingList))]
    topics: Topics = ()


class Change(BaseModel):
    """A change of one list."""

    list: MailingList
    state: SubscriptionState
    basis: str
    words: str = Field(description="What was read before")
    how: str
    at: datetime


class TakenAlong(BaseModel):
    """All that is kept of a subscriber, but for their address."""

    preferences: Preferences
    steps: list[Change]


@router.get("/p/{token}")
async def see(token: Token, here: Here) -> Preferences:
    """What the subscriber gets. Looking changes nothing."""
    subscriber_id = opened(here, Purpose.PREFERENCES, token)
    async with snapshot(here.database) as conn:
        return await seen_of(conn, subscriber_id)


@router.post("/p/{token}/confirmation")
async def confirm(token: Token, here: Here, now: Now) -> Preferences:
    """Say that it was you who asked. Saying it twice is saying it once."""
    subscriber_id = opened(here, Purpose.PREFERENCES, token)
    async with transaction(here.database) as conn:
        person_id = await _locked(conn, subscriber_id)
        known = await mailing_list.subscriptions(conn, subscriber_id)
        pending = [one.list for one in known.values() if one.state is PENDING]
        step = mailing_list.Step(how="confirmation", at=now)
        await mailing_list.move(conn, subscriber_id, dict.fromkeys(pending, ACTIVE), step)
        await _trust_address(conn, person_id)
        seen = await seen_of(conn, subscriber_id)
    log.info("lists confirmed", subscriber_id=str(subscriber_id), lists=len(pending))
    return seen


@router.put("/p/{token}")
async def change(token: Token, form: Wishes, here: Here, now: Now) -> Preferences:
    """Say what you want to get. It counts at once, also for a bulletin that is on its way."""
    subscriber_id = opened(here, Purpose.PREFERENCES, token)
    async with transaction(here.database) as conn:
        return await wish(conn, subscriber_id, form, now)


async def wish(conn: Conn, subscriber_id: UUID, form: Wishes, now: datetime) -> Preferences:
    """Keep what a subscriber wants to get from now on."""
    person_id = await _locked(conn, subscriber_id)
    await topic.check(conn, form.topics)
    version, _ = await mailing_list.current_wording(conn, now)
    wishes = {
        one: ACTIVE if one in form.lists else SubscriptionState.UNSUBSCRIBED for one in MailingList
    }
    step = mailing_list.Step(how="preferences", at=now, wording=version)
    await mailing_list.move(conn, subscriber_id, wishes, step)
    await _trust_address(conn, person_id)
    await conn.execute(
        "UPDATE subscriber SET topics = $2 WHERE subscriber_id = $1",
        subscriber_id,
        list(dict.fromkeys(form.topics)),
    )
    seen = await seen_of(conn, subscriber_id)
    log.info("preferences changed", subscriber_id=str(subscriber_id))
    return seen


@router.get("/p/{token}/export")
async def take_along(token: Token, here: Here) -> TakenAlong:
    """All that is kept about the subscriber's lists, with every change and its date."""
    subscriber_id = opened(here, Purpose.PREFERENCES, token)
    async with snapshot(here.database) as conn:
        seen = await seen_of(conn, subscriber_id)
        steps = await conn.fetch(
            """
            SELECT subscription.list, step.state, step.basis, consent_wording.words, step.how,
                   step.at
              FROM subscription_step AS step
              JOIN subscription USING (subscription_id)
              JOIN consent_wording ON consent_wording.version = step.wording
             WHERE subscriber_id = $1
             ORDER BY step_id
            """,
            subscriber_id,
        )
    return TakenAlong(preferences=seen, steps=[Change(**row) for row in steps])


async def _locked(conn: Conn, subscriber_id: UUID) -> UUID:
    person_id = await mailing_list.lock_subscriber(conn, subscriber_id)
    if person_id is None:
        raise NotFound
    return person_id


async def _trust_address(conn: Conn, person_id: UUID) -> None:
    # Whoever holds the link has read the letter.
    await conn.execute("UPDATE contact_point SET verified = true WHERE person_id = $1", person_id)


async def seen_of(conn: Conn, subscriber_id: UUID | None) -> Preferences:
    """What a subscriber gets, and what there is; NotFound for an id that is none."""
    if subscriber_id is None:
        lists = [ListSeen(list=one, state=None, since=None) for one in MailingList]
        return Preferences(lists=lists, topics=[], possible_topics=await topic.topics(conn))
    chosen = await conn.fetchval(
        "SELECT topics FROM subscriber WHERE subscriber_id = $1", subscriber_id
    )
    if chosen is None:
        raise NotFound
    known = await mailing_list.subscriptions(conn, subscriber_id)
    return Preferences(
        lists=[
            ListSeen(
                list=one,
                state=known[one].state if one in known else None,
                since=known[one].changed_at if one in known else None,
            )
            for one in MailingList
        ],
        topics=chosen,
        possible_topics=await topic.topics(conn),
    )
