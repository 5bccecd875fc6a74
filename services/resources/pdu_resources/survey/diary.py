"""Asks and reminds when the day comes that was planned."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import structlog

from pdu_resources.member.same_person import ids_of
from pdu_resources.rules.cadence import at_ten
from pdu_resources.rules.invitation import REMINDED
from pdu_resources.setting.document import settings
from pdu_resources.survey import due
from pdu_resources.survey.invitation import hash_of
from pdu_resources.survey.inviting import Occasion, invite_people
from pdu_resources.survey.link import Purpose, token_for
from pdu_resources.survey.response import present_wave
from pdu_resources.survey.survey_rows import survey
from pdu_shared import outbox
from pdu_shared.again import rounds
from pdu_shared.contracts.resources.survey import SurveyReminderIssued
from pdu_shared.database import Conn, transaction
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Runtime, utc_now

LOOK_EVERY = 20.0
AGAIN_AFTER = timedelta(minutes=30)

log = structlog.get_logger()


async def ask_when_due(runtime: Runtime) -> None:
    """Look into the plan for ever."""

    async def one() -> bool:
        return await ask_next(runtime, now=await utc_now())

    await rounds(one, name="surveys", rest=LOOK_EVERY)


async def ask_next(here: Runtime, *, now: datetime) -> bool:
    """Ask or remind one person; False when nobody is due."""
    async with transaction(here.database) as conn:
        row = await due.take_next(conn, now=now)
        if row is None:
            return False
        try:
            async with conn.transaction():
                if row["what"] == "invite":
                    await _ask(conn, here, row, now)
                else:
                    await _remind(conn, here, row, now)
        except NotFound:
            log.info("no such survey any more", survey_key=row["survey_key"])
        except (asyncpg.PostgresConnectionError, OSError):
            raise
        except Exception:
            # Those behind it do not wait for it.
            log.exception("could not be asked", due_id=str(row["due_id"]))
            await due.put_off(conn, row, until=now + AGAIN_AFTER, why="put off after a fault")
    return True


async def _ask(conn: Conn, here: Runtime, row: asyncpg.Record, now: datetime) -> None:
    known = await settings(conn)
    person_ids = await ids_of(conn, row["person_id"])
    if not known["surveys.ask_after_events"] or await _was_asked(conn, row, person_ids):
        return
    earliest = await _earliest(conn, person_ids, days=int(str(known["surveys.days_between"])))
    if earliest is not None and earliest > now:
        await due.put_off(conn, row, until=earliest, why="put off: asked lately")
        return
    occasion = Occasion(
        survey=await survey(conn, row["survey_key"]),
        learning_event_id=row["learning_event_id"],
        wave=row["wave"] or present_wave(now),
        now=now,
    )
    await invite_people(conn, here, occasion, [row["person_id"]])


async def _was_asked(conn: Conn, row: asyncpg.Record, person_ids: Sequence[UUID]) -> bool:
    """Whether a coordinator was faster, in whichever month."""
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM invitation
                        WHERE survey_key = $1 AND person_id = ANY ($2::uuid[]) AND NOT imported
                          AND learning_event_id IS NOT DISTINCT FROM $3
                          AND wave = coalesce($4, wave))
        """,
        row["survey_key"],
        person_ids,
        row["learning_event_id"],
        row["wave"],
    )
    return found


async def _earliest(conn: Conn, person_ids: Sequence[UUID], *, days: int) -> datetime | None:
    """From when on somebody may be asked again: one request a fortnight (or as is set)."""
    last = await conn.fetchval(
        """
        SELECT max(invited_at) FROM invitation
         WHERE person_id = ANY ($1::uuid[]) AND NOT imported
        """,
        person_ids,
    )
    return at_ten(local_day(last) + timedelta(days=days)) if last else None


async def _remind(conn: Conn, here: Runtime, row: asyncpg.Record, now: datetime) -> None:
    invitation = await conn.fetchrow(
        """
        SELECT invitation_id, person_id, learning_event_id, state, expires_at, token_hash, title,
               kind
          FROM invitation JOIN survey USING (survey_key)
         WHERE invitation_id = $1
           FOR UPDATE OF invitation
        """,
        row["invitation_id"],
    )
    assert invitation is not None
    token = token_for(here, Purpose.INVITATION, invitation["invitation_id"])
    if (
        invitation["state"] not in REMINDED
        or invitation["expires_at"] <= now
        or invitation["token_hash"] != hash_of(token)
    ):
        return
    reminder = SurveyReminderIssued(
        invitation_id=invitation["invitation_id"],
        person_id=invitation["person_id"],
        survey_title=invitation["title"],
        learning_event_id=invitation["learning_event_id"],
        token=token,
        kind=invitation["kind"],
        number=row["number"],
        closes_at=invitation["expires_at"],
    )
    await outbox.add(conn, outbox.sealed(reminder, here.sealer))
