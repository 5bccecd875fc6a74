"""What people tell people: letters to whoever is reached by telephone, in person or on paper only.

A coordinator has all of it on the list; whoever booked for somebody has what concerns them.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from pdu_notifications.delivery import PickedUp, move
from pdu_notifications.envelope import Stationery, stationery_of
from pdu_notifications.letters import PRIVATE, SHOWN_AS
from pdu_notifications.rules.sending import Never
from pdu_notifications.rules.text_message import text_message
from pdu_notifications.task_rows import find, lock, note_try, tasks
from pdu_notifications.wording import Content
from pdu_shared import reads
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.vocabulary import Channel, LetterState
from pdu_shared.database import transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["letters"])

READ, WHY = "contact_way", "telling"
TOLD = "told_by_hand"


class Filters(Form):
    """Which tasks, and which page of them."""

    channel: Channel | None = None
    after: Annotated[int, Field(ge=0, le=100_000)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class Outcome(StrEnum):
    """What came of it when somebody tried."""

    DONE = "done"
    NOT_REACHED = "not_reached"
    """It stays on the list."""
    GIVEN_UP = "given_up"


class Tried(Form):
    """What came of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "done"}]})

    outcome: Outcome


class Task(BaseModel):
    """Something to tell somebody: how, what about, and until when. Not whom."""

    task_id: UUID
    channel: Channel = Field(description="`phone`, also through somebody, or `post`")
    kind: str = Field(description="As the list of letters shows it")
    about: str = Field(description="What the letter would be called")
    related_id: UUID
    since: datetime
    until: datetime | None = Field(description="After that nobody needs to be told")
    tries: int = Field(description="How often they were not reached")
    tried_at: datetime | None


class TaskInFull(Task):
    """With whom to tell, where to reach them, and what to say."""

    name: str
    reach: str = Field(description="A number, through whom, or the lines of a postal address")
    in_short: str = Field(description="What a text message would say")
    letter: str = Field(description="The whole letter as it is printed")


class Tasks(BaseModel):
    """One page of them, the most urgent first. `next` goes into `after` for the following page."""

    items: list[Task]
    next: int | None


@router.get("/contact-tasks")
async def contact_tasks(
    database: Store, caller: Who, now: Now, asked: Annotated[Filters, Query()]
) -> Tasks:
    """Whom to ring, and what to post: for a coordinator all of it, else what the caller arranged.

    What is not true any more, such as a reminder of a booking that was cancelled, is not on it.
    """
    async with database.pool.acquire(timeout=5) as conn:
        rows = await tasks(
            conn,
            arranged_by=_only(caller),
            channel=asked.channel,
            now=now,
            page=(asked.limit + 1, asked.after),
        )
    found, beyond = rows[: asked.limit], asked.after + asked.limit
    items = [Task(**row, about=_about(row["kind"], content)) for row, content in found]
    return Tasks(items=items, next=beyond if len(rows) > asked.limit else None)


@router.get("/contact-tasks/{task_id}")
async def contact_task(task_id: UUID, here: Here, caller: Who, now: Now) -> TaskInFull:
    """Whom to tell, where to reach them, and what to say. Each look is written down."""
    async with transaction(here.database) as conn:
        found = await find(conn, task_id, arranged_by=_only(caller), now=now)
        if found is None or not _may_know(caller, found.letter.kind, found.arranged_by):
            raise NotFound
        await reads.note(conn, caller, kind=READ, of_ids=[task_id], why=WHY, now=now)
    return _in_full(found.shown, found.letter, here.part(stationery_of))


@router.put("/contact-tasks/{task_id}/outcome")
async def note_outcome(task_id: UUID, tried: Tried, database: Store, caller: Who, now: Now) -> Task:
    """Write down that they were told, or not reached. Twice is once; a minute later it is again.

    Who was told is on the list no more. 409 for what is done already, or needs not be done.
    """
    async with transaction(database) as conn:
        found = await lock(conn, task_id, arranged_by=_only(caller))
        if found is None or not _may_know(caller, found.letter.kind, found.arranged_by):
            raise NotFound
        task, letter, state = found.shown, found.letter, found.state
        if state is LetterState.SENT and tried.outcome is Outcome.DONE:
            return _seen(task, letter)
        if state is not LetterState.BY_HAND:
            raise Conflict("Nobody has to tell this any more.")
        match tried.outcome:
            case Outcome.NOT_REACHED:
                task = {**task, **await note_try(conn, task_id, now)}
            case Outcome.DONE:
                await move(conn, letter, Never(LetterState.SENT, TOLD), now)
            case Outcome.GIVEN_UP:
                await move(conn, letter, Never(LetterState.FAILED, "not_reached"), now)
    log.info("told by hand", letter_id=str(task_id), outcome=tried.outcome)
    return _seen(task, letter)


def _only(caller: Caller) -> UUID | None:
    """None for a coordinator, who sees what everybody arranged."""
    if caller.has(Role.COORDINATOR):
        return None
    if caller.sub is None:
        raise NotFound
    return caller.sub


def _may_know(caller: Caller, kind: str, arranged_by: UUID | None) -> bool:
    """What says something about its reader is for whoever supports them, and for nobody else."""
    return kind not in PRIVATE or (arranged_by is not None and arranged_by == caller.sub)


def _about(kind: str, content: str) -> str:
    return SHOWN_AS.get(kind, Content.model_validate_json(content).subject)


def _seen(task: dict[str, object], letter: PickedUp) -> Task:
    return Task.model_validate({**task, "about": _about(letter.kind, letter.content)})


def _in_full(task: dict[str, object], letter: PickedUp, stationery: Stationery) -> TaskInFull:
    content, said = stationery.said(letter)
    return TaskInFull.model_validate(
        {
            **task,
            "about": _about(letter.kind, letter.content),
            "name": letter.name or "",
            "reach": letter.address or "",
            "in_short": text_message(
                content.short or content.subject, link=stationery.link(letter)
            ),
            "letter": stationery.on_paper(said),
        }
    )
