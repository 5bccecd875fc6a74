"""An item is published, found to be still right, or put away."""

from datetime import date, datetime
from uuid import UUID

import structlog
from fastapi import APIRouter
from pydantic import ConfigDict, Field

from pdu_resources.finding.index import index_items
from pdu_resources.library.form import Key
from pdu_resources.library.item import refuse
from pdu_resources.library.rows import keep, lock_item, roles_of
from pdu_resources.library.seen import Editing, ItemSeen, item_seen
from pdu_resources.recording.consent import refuse_without_consent
from pdu_resources.rules.library import Item, State, may_become, missing, review_due
from pdu_shared import outbox
from pdu_shared.contracts.message import Code, Message
from pdu_shared.contracts.resources.library import (
    Captions,
    ItemType,
    RecordingPublished,
    RecordingWithdrawn,
    ResourceArchived,
    ResourcePublished,
    ResourceReviewed,
)
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Store

log = structlog.get_logger()
router = APIRouter(tags=["library"])


class Review(Form):
    """Somebody has looked, and it is still right."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"review_due_on": None}]})

    review_due_on: Day | None = Field(
        default=None, description="When to look again; by its type, if nothing is said"
    )


class PutAway(Form):
    """Why an item is offered no more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason_code": "out_of_date"}]})

    reason_code: Code
    replaced_by: Key | None = Field(default=None, description="The item that is offered instead")


@router.put("/items/{item_key}/publication")
async def publish(item_key: Key, edit: Editing, database: Store) -> ItemSeen:
    """Let everybody find an item; also one that was archived. Twice is once.

    422 with all that is missing; 409 for a recording to which a speaker has not agreed.
    """
    async with transaction(database) as conn:
        item = await lock_item(conn, item_key)
        edit.check(item.version)
        if item.state is not State.PUBLISHED:
            _refuse_step(item, State.PUBLISHED)
            roles = await roles_of(conn, item.item_id)
            refuse(missing(item, roles=roles))
            if item.type is ItemType.RECORDING:
                await refuse_without_consent(conn, item.session_id)
            await _publish(conn, item, local_day(edit.now), edit.now)
            await keep(conn, item, {"state": item.state}, by=edit.by, now=edit.now)
            await outbox.add(conn, *_published(item, roles, local_day(edit.now)))
            log.info("published", item_id=str(item.item_id), type=item.type)
        seen = await item_seen(conn, item_key)
    edit.renew(seen.version)
    return seen


@router.put("/items/{item_key}/review")
async def review(item_key: Key, form: Review, edit: Editing, database: Store) -> ItemSeen:
    """Say that a published item is still right, and when somebody should look again."""
    today = local_day(edit.now)
    if form.review_due_on and form.review_due_on <= today:
        raise Refused(errors=[Fault("/review_due_on", "past", "Look again on a later day.")])
    async with transaction(database) as conn:
        item = await lock_item(conn, item_key)
        edit.check(item.version)
        if item.state is not State.PUBLISHED:
            raise Conflict("Only what is published is reviewed.")
        due = form.review_due_on or review_due(item.type, today)
        await _review(conn, item.item_id, today, due, edit.now)
        await keep(conn, item, {"reviewed": None}, by=edit.by, now=edit.now)
        reviewed = ResourceReviewed(
            item_id=item.item_id, item_key=item.item_key, reviewed_on=today, review_due_on=due
        )
        await outbox.add(conn, reviewed)
        seen = await item_seen(conn, item_key)
    edit.renew(seen.version)
    return seen


@router.put("/items/{item_key}/archive")
async def archive(item_key: Key, form: PutAway, edit: Editing, database: Store) -> ItemSeen:
    """Offer an item no more. Whoever has its address still sees it, and what is offered instead."""
    async with transaction(database) as conn:
        item = await lock_item(conn, item_key)
        edit.check(item.version)
        if item.state is not State.ARCHIVED:
            _refuse_step(item, State.ARCHIVED)
            instead = await _instead(conn, form.replaced_by, item)
            await put_away(conn, item, form.reason_code, instead, edit.now)
            await keep(conn, item, {"state": item.state}, by=edit.by, now=edit.now)
        seen = await item_seen(conn, item_key)
    edit.renew(seen.version)
    return seen


async def put_away(
    conn: Conn, item: Item, reason_code: str, instead: UUID | None, now: datetime
) -> None:
    """Archive a published item, and tell."""
    await conn.execute(
        """
        UPDATE library_item
           SET state = 'archived', reason = $2, replaced_by = $3, changed_at = $4,
               version = version + 1
         WHERE item_id = $1
        """,
        item.item_id,
        reason_code,
        instead,
        now,
    )
    await index_items(conn, [item.item_id])
    told: list[Message] = [
        ResourceArchived(
            item_id=item.item_id,
            item_key=item.item_key,
            reason_code=reason_code,
            replaced_by=instead,
        )
    ]
    if item.type is ItemType.RECORDING:
        told.append(
            RecordingWithdrawn(
                item_id=item.item_id,
                item_key=item.item_key,
                session_id=item.session_id,
                reason_code=reason_code,
            )
        )
    await outbox.add(conn, *told)
    log.info("archived", item_id=str(item.item_id), reason=reason_code)


def _refuse_step(item: Item, after: State) -> None:
    if not may_become(item.state, after):
        raise Conflict(f"It is {item.state}, so it cannot become {after}.")


def _published(item: Item, roles: set[str], day: date) -> list[Message]:
    told: list[Message] = [
        ResourcePublished(
            item_id=item.item_id,
            item_key=item.item_key,
            type=item.type,
            workstreams=tuple(item.workstreams),
            scope=item.scope,
            level=item.level,
            title=item.title,
            learning_event_id=item.learning_event_id,
            members_only=item.members_only,
            published_on=day,
            review_due_on=review_due(item.type, day),
        )
    ]
    if item.type is ItemType.RECORDING:
        told.append(
            RecordingPublished(
                item_id=item.item_id,
                item_key=item.item_key,
                title=item.title,
                session_id=item.session_id,
                learning_event_id=item.learning_event_id,
                captions=Captions.CAPTIONED
                if "captions" in roles
                else Captions.TRANSCRIPT
                if "transcript" in roles
                else Captions.NONE,
            )
        )
    return told


async def _publish(conn: Conn, item: Item, day: date, now: datetime) -> None:
    """From now on members can be said to have looked at it, also if records of the past did so."""
    await conn.execute(
        """
        UPDATE library_item
           SET state = 'published', published_at = coalesce(published_at, $3), reviewed_on = $2,
               review_due_on = $4, replaced_by = NULL, reason = NULL, changed_at = $3,
               version = version + 1
         WHERE item_id = $1
        """,
        item.item_id,
        day,
        now,
        review_due(item.type, day),
    )
    kind = await conn.fetchval(
        """
        INSERT INTO item AS kept (item_id, item_key, kind, state)
        VALUES ($1, $2, 'resource', 'published')
            ON CONFLICT (item_key) DO UPDATE SET state = 'published'
     RETURNING kind
        """,
        item.item_id,
        item.item_key,
    )
    if kind != "resource":
        raise Conflict("An e-learning module has this key.")
    await index_items(conn, [item.item_id])


async def _review(conn: Conn, item_id: UUID, day: date, due: date, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE library_item
           SET reviewed_on = $2, review_due_on = $3, changed_at = $4, version = version + 1
         WHERE item_id = $1
        """,
        item_id,
        day,
        due,
        now,
    )


async def _instead(conn: Conn, item_key: str | None, item: Item) -> UUID | None:
    if item_key is None:
        return None
    found: UUID | None = await conn.fetchval(
        "SELECT item_id FROM library_item WHERE item_key = $1 AND state = 'published'", item_key
    )
    if found is None or found == item.item_id:
        words = "Name another item that is published."
        raise Refused(errors=[Fault("/replaced_by", "unknown-item", words)])
    return found
