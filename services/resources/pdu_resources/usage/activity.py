"""What members do in the hub: what they look at, take with them, begin and complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel

from pdu_resources.pathway.settling import settle
from pdu_resources.rules.activity import OF_MODULES, Action, Kind, fits
from pdu_resources.rules.project_year import local_date
from pdu_shared import outbox
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.message import Code, Message
from pdu_shared.contracts.resources.usage import (
    ModuleCompleted,
    ModuleStarted,
    ResourceDownloaded,
    ResourceViewed,
)
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import derived_id
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Now, Store

TELLS: Mapping[Action, type[ResourceViewed | ResourceDownloaded | ModuleStarted | ModuleCompleted]]
TELLS = {
    Action.VIEWED: ResourceViewed,
    Action.DOWNLOADED: ResourceDownloaded,
    Action.MODULE_STARTED: ModuleStarted,
    Action.MODULE_COMPLETED: ModuleCompleted,
}

log = structlog.get_logger()
router = APIRouter(tags=["members"])


@dataclass(frozen=True, slots=True)
class Activity:
    """What somebody did, with what, and when."""

    person_id: UUID
    item_key: str
    action: Action
    at: datetime

    @property
    def activity_id(self) -> UUID:
        """The same for the same thing at the same moment, whoever writes it down."""
        moment = self.at.astimezone(UTC).isoformat()
        return derived_id("activity", self.person_id, self.item_key, self.action, moment)

    def told(self) -> Message:
        """What is told of it."""
        return TELLS[self.action](
            activity_id=self.activity_id,
            item_id=item_id_of(self.item_key),
            item_key=self.item_key,
            person_id=self.person_id,
            happened_on=local_date(self.at),
        )


class DoSomething(Form):
    """What a member did just now, and with what."""

    item_key: Code
    action: Action


class Noted(BaseModel):
    """It is written down."""

    activity_id: UUID


@router.post("/activity", status_code=201, response_model=Noted)
async def note(form: DoSomething, database: Store, asked: Asked, caller: Who, now: Now) -> Response:
    """Write down what a member did. Doing it again is another activity."""
    return await once(database, asked, partial(_note, form=form, caller=caller, now=now))


async def account_of(conn: Conn, caller: Caller) -> UUID:
    """The member who calls. Raises Conflict for whoever has no account of the hub."""
    if caller.sub is None or not await _is_member(conn, caller.sub):
        raise Conflict("Only somebody with an account of the hub has activity there.")
    return caller.sub


async def note_down(conn: Conn, done: Activity) -> None:
    """Keep what somebody did, and tell it."""
    await _insert(conn, done)
    await outbox.add(conn, done.told())
    log.info("active", activity_id=str(done.activity_id), action=done.action)


def item_id_of(item_key: str) -> UUID:
    """The id of an item by its key."""
    return derived_id("item", item_key)


async def note_activity(
    conn: Conn, person_id: UUID, item_key: str, action: Action, now: datetime
) -> None:
    """Write down what was seen to happen, if it was a member who did it."""
    if await _is_member(conn, person_id):
        await note_down(conn, Activity(person_id, item_key, action, now))


async def _note(conn: Conn, *, form: DoSomething, caller: Caller, now: datetime) -> Answer:
    person_id = await account_of(conn, caller)
    kind = await _kind_of(conn, form.item_key)
    if kind is None:
        raise Refused(errors=[Fault("/item_key", "unknown-item", "The hub has no such item.")])
    if not fits(form.action, kind):
        detail = "Only an e-learning module is begun or completed."
        raise Refused(errors=[Fault("/action", "wrong-kind", detail)])
    if form.action in OF_MODULES and await _has_pages(conn, form.item_key):
        detail = "It has pages here: reading them begins and completes it."
        raise Refused(errors=[Fault("/action", "has-pages", detail)])
    done = Activity(person_id, form.item_key, form.action, now)
    await note_down(conn, done)
    await settle(conn, person_id, now=now)
    return Answer.of(Noted(activity_id=done.activity_id))


async def _is_member(conn: Conn, person_id: UUID) -> bool:
    found: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM member WHERE person_id = $1)", person_id
    )
    return found


async def _kind_of(conn: Conn, item_key: str) -> Kind | None:
    kind: str | None = await conn.fetchval("SELECT kind FROM item WHERE item_key = $1", item_key)
    return Kind(kind) if kind else None


async def _has_pages(conn: Conn, item_key: str) -> bool:
    found: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM module WHERE module_key = $1 AND version IS NOT NULL)", item_key
    )
    return found


async def _insert(conn: Conn, done: Activity) -> None:
    await conn.execute(
        """
        INSERT INTO activity (activity_id, person_id, item_id, action, happened_at, happened_on)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        done.activity_id,
        done.person_id,
        item_id_of(done.item_key),
        done.action,
        done.at,
        local_date(done.at),
    )
