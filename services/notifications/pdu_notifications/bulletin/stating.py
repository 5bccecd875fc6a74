"""An issue goes on: to review, to a second pair of eyes, into the calendar; or it is stopped."""

from datetime import datetime
from typing import Literal, TypeAlias

import structlog
from fastapi import APIRouter
from pydantic import ConfigDict

from pdu_notifications.bulletin import recipients
from pdu_notifications.bulletin.checking import check, faults
from pdu_notifications.bulletin.collecting import collected, entries_of
from pdu_notifications.bulletin.hand import By, Hand
from pdu_notifications.bulletin.issue import (
    Issue,
    IssueKey,
    entries_as_json,
    issue,
    lock_issue,
)
from pdu_notifications.bulletin.writing import IssueSeen, seen_by_editors
from pdu_notifications.rules.bulletin import CHECKED, IssueState, Standing, obstacle
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, LocalMoment, OneLine
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Here
from pdu_shared.versions import Version

log = structlog.get_logger()
router = APIRouter(tags=["bulletin"])

ToState: TypeAlias = Literal[
    IssueState.COLLECTING,
    IssueState.DRAFT,
    IssueState.IN_REVIEW,
    IssueState.APPROVED,
    IssueState.SCHEDULED,
    IssueState.SENDING,
    IssueState.PAUSED,
    IssueState.WITHDRAWN,
]


class GoOn(Form):
    """Where an issue goes; into the calendar with its time, back with a note if there is one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "draft"}, {"state": "in_review"}]}
    )

    state: ToState
    scheduled_for: LocalMoment | None = None
    note: OneLine | None = None


@router.put("/bulletins/{issue_key}/state")
async def go_on(issue_key: IssueKey, form: GoOn, version: Version, here: Here, by: By) -> IssueSeen:
    """Bring an issue into another state.

    To review and further only what the checks find in order; above 500 people somebody approves it
    who did not write it. `paused` stops what is being sent after the letters in hand, `sending`
    goes on with it, `withdrawn` ends it for good and takes it off the web. 409 for a state that
    cannot follow, 412 when somebody else changed it in the meantime.
    """
    _check_time(form, by.now)
    async with transaction(here.database) as conn:
        before = await lock_issue(conn, issue_key)
        version.check(before.version)
        standing = await _standing(conn, before, form.state, here.settings.portal_url, by.now)
        if why := obstacle(standing, form.state, by=by.person_id):
            raise Conflict(why)
        await _move(conn, before, form, by)
        seen = await seen_by_editors(conn, await issue(conn, issue_key), by.now)
    version.renew(seen.version)
    log.info("issue moved", issue_key=issue_key, state=form.state)
    return seen


def _check_time(form: GoOn, now: datetime) -> None:
    if form.state is not IssueState.SCHEDULED and form.scheduled_for:
        words = "Only an issue that is scheduled has a time."
        raise Refused(errors=[Fault("/scheduled_for", "not-now", words)])
    if form.state is IssueState.SCHEDULED and (
        form.scheduled_for is None or form.scheduled_for <= now
    ):
        words = "Say when it goes out: a time to come."
        raise Refused(errors=[Fault("/scheduled_for", "not-in-future", words)])


async def _standing(
    conn: Conn, one: Issue, to: IssueState, portal_url: str, now: datetime
) -> Standing:
    wrong = 0
    if to in CHECKED:
        entries = await entries_of(conn, one, now)
        wrong = faults(await check(conn, one, entries, portal_url.rstrip("/")))
    return Standing(
        state=one.state,
        written_by=one.written_by,
        recipients=sum((await recipients.count(conn, one.audience)).values()),
        faults=wrong,
    )


async def _move(conn: Conn, before: Issue, form: GoOn, by: Hand) -> None:
    entries = before.entries
    if before.state is IssueState.COLLECTING:
        entries = await collected(conn, before.topics, since=before.news_since, now=by.now)
    elif form.state is IssueState.COLLECTING:
        entries = ()
    if form.state is IssueState.WITHDRAWN:
        await recipients.cancel(conn, before.issue_id, by.now)
    approved_by = {
        IssueState.APPROVED: before.approved_by or by.person_id,
        IssueState.DRAFT: None,
    }.get(form.state, before.approved_by)
    await conn.execute(
        """
        UPDATE bulletin_issue
           SET state = $2, entries = $3, note = $4, approved_by = $5, scheduled_for = $6,
               version = version + 1, changed_at = $7
         WHERE issue_id = $1
        """,
        before.issue_id,
        form.state,
        entries_as_json(entries),
        form.note,
        approved_by,
        form.scheduled_for or (before.scheduled_for if before.began_at else None),
        by.now,
    )
