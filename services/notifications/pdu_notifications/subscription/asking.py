"""Somebody asks for a list; a letter asks them back whether it was they who asked."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_notifications import mailing_list
from pdu_notifications.letters import subscription_confirmation
from pdu_notifications.reader_link import link_key, preferences_path
from pdu_notifications.subscription import topic
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import MailingList, SubscriptionState
from pdu_shared.database import Conn
from pdu_shared.forms import WRITTEN_AS_NUMBER, EmailAddress, Form
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.persons import persons_of
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Here, Now, Runtime, Store

log = structlog.get_logger()
router = APIRouter(tags=["subscriptions"])

ASK_BACK_EVERY = timedelta(hours=1)
"""However often somebody types an address, its owner gets one letter in this time."""

PENDING, ACTIVE = SubscriptionState.PENDING_CONFIRMATION, SubscriptionState.ACTIVE
ToAskFor = Literal[MailingList.BULLETIN, MailingList.OPPORTUNITIES, MailingList.ALERTS]
Lists = Annotated[list[ToAskFor], Field(min_length=1, max_length=5)]
Topics = Annotated[tuple[Code, ...], Field(max_length=20)]


class AskForLists(Form):
    """Which lists, about what, and the version of the words that were read."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"email": "marian@example.org", "lists": ["bulletin"], "words_version": 1},
            ]
        }
    )

    email: EmailAddress
    lists: Lists
    topics: Topics = ()
    words_version: Annotated[int, Field(ge=1, le=10_000), WRITTEN_AS_NUMBER]
    source: Annotated[
        Code | None, Field(description="Through what they came, such as the code of a link")
    ] = None


class AskedBack(BaseModel):
    """What happens next. It is the same for everybody: it tells nobody who is on a list."""

    state: Literal["check_your_email"] = "check_your_email"


class Offered(BaseModel):
    """What there is to subscribe to, and what it means."""

    lists: list[MailingList]
    topics: list[topic.Topic]
    words_version: int
    words: str


@router.get("/subscriptions/offer")
async def offer(database: Store, now: Now) -> Offered:
    """What a form to subscribe shows: the lists, the topics, and the words to agree to."""
    async with database.pool.acquire(timeout=5) as conn:
        version, words = await mailing_list.current_wording(conn, now)
        known = await topic.topics(conn)
    return Offered(
        lists=[one for one in MailingList if one.must_be_asked_for],
        topics=known,
        words_version=version,
        words=words,
    )


@router.post("/subscriptions", status_code=201, response_model=AskedBack)
async def subscribe(form: AskForLists, asked: Asked, here: Here, now: Now) -> Response:
    """Ask for lists. Nothing is sent but one letter, which asks back."""
    return await once(here.database, asked, partial(_subscribe, form=form, here=here, now=now))


async def _subscribe(conn: Conn, *, form: AskForLists, here: Runtime, now: datetime) -> Answer:
    await topic.check(conn, form.topics)
    version, _ = await mailing_list.current_wording(conn, now)
    if form.words_version > version:
        raise Refused(
            errors=[Fault("/words_version", "unknown-version", f"The newest is {version}.")]
        )
    [person_id] = await persons_of(conn, here.person_key, [form.email])
    subscriber_id = await mailing_list.subscriber(conn, person_id, now=now, topics=form.topics)
    await _know_address(conn, person_id, form.email)
    step = mailing_list.Step(how="form", at=now, wording=form.words_version, source=form.source)
    known = await mailing_list.subscriptions(conn, subscriber_id)
    asked = [one for one in form.lists if one not in known or known[one].state is not ACTIVE]
    await mailing_list.move(conn, subscriber_id, dict.fromkeys(asked, PENDING), step)
    await _ask_back(conn, here, subscriber_id, person_id, now)
    log.info("lists asked for", subscriber_id=str(subscriber_id))
    return Answer.of(AskedBack())


async def _ask_back(
    conn: Conn, here: Runtime, subscriber_id: UUID, person_id: UUID, now: datetime
) -> None:
    known = await mailing_list.subscriptions(conn, subscriber_id)
    wanted = [
        one.list
        for one in known.values()
        if one.state in mailing_list.WANTED and one.list.must_be_asked_for
    ]
    pending = any(one.state is PENDING for one in known.values())
    await conn.execute(
        """
        INSERT INTO link (related_id, path) VALUES ($1, $2) ON CONFLICT (related_id) DO NOTHING
        """,
        subscriber_id,
        preferences_path(link_key(here.settings), subscriber_id),
    )
    letter = subscription_confirmation.compose(
        subscriber_id,
        person_id,
        wanted,
        pending=pending,
        turn=int(now.timestamp() // ASK_BACK_EVERY.total_seconds()),
    )
    await subscription_confirmation.post(conn, letter)


async def _know_address(conn: Conn, person_id: UUID, address: str) -> None:
    # A name that the person told us elsewhere stays; who types an address may not be its owner.
    await conn.execute(
        """
        INSERT INTO contact_point (person_id, address, name, verified, told_by)
        VALUES ($1, $2, '', false, $3)
            ON CONFLICT (person_id) DO NOTHING
        """,
        person_id,
        address,
        uuid7(),
    )
