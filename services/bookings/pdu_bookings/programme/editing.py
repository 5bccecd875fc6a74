"""A learning event is described otherwise: nobody overwrites what they have not seen."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from fastapi.responses import Response

from pdu_bookings.attendance.certificate_rows import reconsider
from pdu_bookings.attendance.earning import lock_registers
from pdu_bookings.category import Categories
from pdu_bookings.lived_experience.opportunity import open_opportunity
from pdu_bookings.programme.change import Before, By, Hand, keep
from pdu_bookings.programme.description import Description
from pdu_bookings.programme.learning_event import check_words, described, refuse
from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_event
from pdu_bookings.programme.rows import (
    event_told,
    lock_learning_events,
    update_learning_event,
)
from pdu_bookings.programme.second_person import back_to_draft
from pdu_bookings.programme.whats_on import etag
from pdu_bookings.rules.description import Announced, astray, contradictions, missing
from pdu_bookings.rules.programme import State
from pdu_shared import outbox
from pdu_shared.contracts.bookings.programme import EventUpdated
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Conflict, NotFound, PreconditionFailed
from pdu_shared.runtime import Here

router = APIRouter(tags=["learning events"])

ALSO_AFTERWARDS = frozenset({"cpd_hours", "refresher_after_months", "topics", "aims"})
"""What may be said when it is over: what it counts for. What people were told stays as it was."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Which version whoever edits has seen, and the answer that will tell the next one."""

    if_match: str
    response: Response

    def check(self, event: LearningEvent) -> None:
        """Raise PreconditionFailed when somebody else changed it in the meantime."""
        if self.if_match != etag(event):
            raise PreconditionFailed

    def renew(self, event: LearningEvent) -> None:
        """Tell the version that an edit made."""
        self.response.headers["ETag"] = etag(event)


async def seen(
    if_match: Annotated[str, Header(description="The ETag of the learning event, as you read it")],
    response: Response,
) -> Seen:
    """The version that whoever makes the present request has seen."""
    return Seen(if_match, response)


@router.patch("/learning-events/{learning_event_id}")
async def edit(
    learning_event_id: UUID,
    form: Description,
    version: Annotated[Seen, Depends(seen)],
    runtime: Here,
    by: By,
) -> LearningEvent:
    """Describe a learning event otherwise: what is not in the body stays as it is.

    Certificates that are out follow its `cpd_hours`. Once it no longer says why people with lived
    experience are not invited, they are.
    409 once it is cancelled, 412 when somebody else changed it in the meantime. Once it is over,
    only what it counts for changes: `cpd_hours`, `refresher_after_months`, `topics` and `aims`.
    """
    async with transaction(runtime.database) as conn:
        before = await lock_for_change(conn, learning_event_id)
        event = await learning_event(conn, learning_event_id, now=by.now)
        version.check(event)
        after = replace(before, **described(form, form.model_fields_set))
        changed = {name for name in form.model_fields_set if differs(before, after, name)}
        over = max(session.ends_at for session in event.sessions) <= by.now
        if over and changed - ALSO_AFTERWARDS:
            raise Conflict("It is over: what was announced stays as it was.")
        if changed:
            refuse(astray(before, after))
            await _check(conn, after, runtime.part(Categories))
            await update_learning_event(conn, after)
            await back_to_draft(conn, learning_event_id)
            was = described(before, changed)
            await keep(
                conn, Before(learning_event_id=learning_event_id, change="described", was=was), by
            )
            if after.state is not State.DRAFT:
                await _tell(conn, after, changed, by)
            event = await learning_event(conn, learning_event_id, now=by.now)
    version.renew(event)
    return event


def differs(before: object, after: object, name: str) -> bool:
    """Whether a field is another than before."""
    return bool(getattr(before, name) != getattr(after, name))


async def lock_for_change(conn: Conn, learning_event_id: UUID) -> Announced:
    """A learning event that may still be changed, locked. Raises NotFound and Conflict."""
    found = (await lock_learning_events(conn, [learning_event_id])).get(learning_event_id)
    if found is None:
        raise NotFound
    if found.state in (State.CANCELLED, State.ARCHIVED):
        raise Conflict(f"It is {found.state}: nothing of it changes any more.")
    return found


async def _tell(conn: Conn, event: Announced, changed: Collection[str], by: Hand) -> None:
    """Tell what is another now, and let what depends on it follow."""
    told = {**event_told(event), "changed_fields": sorted(changed)}
    await outbox.add(conn, EventUpdated.model_validate(told))
    if "without_lived_experience_because" in changed and event.lived_experience_planned:
        await open_opportunity(conn, event.learning_event_id, by.now)
    if "cpd_hours" in changed:
        await lock_registers(conn, event.learning_event_id)
        await reconsider(conn, [event.learning_event_id], None, by.now)


async def _check(conn: Conn, event: Announced, words: Categories) -> None:
    refuse(contradictions(event))
    if event.state is not State.DRAFT:
        refuse(missing(event))
    await check_words(conn, event, words)
