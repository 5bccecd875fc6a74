"""Signing in, step by step: a code by letter, and for staff one of their app."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import structlog

from pdu_resources.identity import factor
from pdu_resources.identity.asked import Asking
from pdu_resources.identity.role import roles_of
from pdu_resources.identity.secret import hashed, new_secret
from pdu_resources.member.account import account_at
from pdu_resources.member.code import Purpose, TypedCode, count_try, redeem, send_code
from pdu_resources.rules.sign_in import needs_second_factor
from pdu_shared.database import Conn, transaction
from pdu_shared.identity import uuid7
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Runtime

log = structlog.get_logger()

MAY_TAKE = timedelta(minutes=30)
CODE_LASTS = timedelta(seconds=60)
MOST_TRIES = 5
LETTER, APP = ("email",), ("email", "otp", "mfa")
BEGUN_ANEW = "Signing in took too long, or was tried too often. Please begin again."


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be typed next: the code of a letter, or of an app; `secret` sets the app up."""

    what: str
    redirect_uri: str
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Somebody is signed in. The front end gets the code, and nobody else."""

    redirect_uri: str
    code: str
    state: str | None


@dataclass(frozen=True, slots=True)
class NoAccount:
    """They read the mail of their address, but have no account."""


Step = Waiting | Done | NoAccount


async def begin(  # noqa: PLR0913 - who asks for what, and for whom
    conn: Conn, runtime: Runtime, asking: Asking, email: str, *, handle: str, now: datetime
) -> None:
    """Send a code to this address, known or not, and wait for whoever holds the handle.

    Raises TooMany when the address was sent enough codes.
    """
    code_id = await send_code(conn, runtime.person_key, email, Purpose.SIGN_IN, now)
    await wait(conn, asking, code_id, handle=handle, now=now)


async def wait(
    conn: Conn, asking: Asking, code_id: UUID | None, *, handle: str, now: datetime
) -> None:
    """Wait for whoever holds the handle; without a mailed code, for a provider outside."""
    await conn.execute(
        """
        INSERT INTO sign_in (handle_hash, client_id, redirect_uri, code_challenge, scope, state,
                             nonce, code_id, started_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        hashed(handle),
        asking.client.client_id,
        asking.redirect_uri,
        asking.code_challenge,
        asking.scope,
        asking.state,
        asking.nonce,
        code_id,
        now,
        now + MAY_TAKE,
    )


async def waits_for(runtime: Runtime, handle: str, now: datetime) -> Waiting:
    """What is to be typed next. Raises Refused when nothing was begun, or it took too long."""
    async with runtime.database.pool.acquire(timeout=5) as conn:
        row = await _standing(conn, handle, now)
        if row["person_id"] is None and row["code_id"] is None:
            raise _begin_again()
        if row["person_id"] is None:
            return Waiting("letter", row["redirect_uri"])
        if await factor.is_set_up(conn, row["person_id"]):
            return Waiting("app", row["redirect_uri"])
        secret = await factor.secret_to_show(conn, runtime.part(factor.Safe), row["person_id"])
        return Waiting("set_up", row["redirect_uri"], secret)


async def go_on(runtime: Runtime, handle: str, typed: str, now: datetime) -> Step:
    """Take the next code. Raises Refused or TooMany when it is wrong, and counts each try."""
    async with runtime.database.pool.acquire(timeout=5) as conn:
        row = await _standing(conn, handle, now)
    if row["person_id"] is None:
        if row["code_id"] is None:
            raise _begin_again()
        return await _with_letter(runtime, handle, row["code_id"], typed, now)
    return await _with_app(runtime, handle, row["person_id"], typed, now)


async def vouched_for(
    conn: Conn, runtime: Runtime, handle: str, person_id: UUID, now: datetime
) -> Step:
    """Go on with somebody of whom it is known whose mail they read."""
    row = await _standing(conn, handle, now, lock=True)
    if not await _has_account(conn, person_id):
        await _forget(conn, handle)
        return NoAccount()
    if not needs_second_factor(await roles_of(conn, person_id, now)):
        return await _finish(conn, row, handle, person_id, amr=LETTER, now=now)
    await conn.execute(
        "UPDATE sign_in SET person_id = $2, amr = $3 WHERE handle_hash = $1",
        hashed(handle),
        person_id,
        LETTER,
    )
    if await factor.is_set_up(conn, person_id):
        return Waiting("app", row["redirect_uri"])
    safe = runtime.part(factor.Safe)
    await factor.begin_set_up(conn, safe, person_id, now)
    secret = await factor.secret_to_show(conn, safe, person_id)
    return Waiting("set_up", row["redirect_uri"], secret)


async def _with_letter(
    runtime: Runtime, handle: str, code_id: UUID, typed: str, now: datetime
) -> Step:
    given = TypedCode(code_id=code_id, code=typed)
    attempt = await count_try(runtime.database, given)
    async with transaction(runtime.database) as conn:
        holder = await redeem(conn, runtime.person_key, attempt, Purpose.SIGN_IN, now)
        # Not the account that was once at this address: it may have moved, and who reads there now
        # is somebody else.
        account = await account_at(conn, holder)
        if account is None:
            await _forget(conn, handle)
            return NoAccount()
        return await vouched_for(conn, runtime, handle, account.person_id, now)


async def _with_app(
    runtime: Runtime, handle: str, person_id: UUID, typed: str, now: datetime
) -> Step:
    async with transaction(runtime.database) as conn:
        tries = await conn.fetchval(
            """
            UPDATE sign_in SET factor_tries = factor_tries + 1 WHERE handle_hash = $1
         RETURNING factor_tries
            """,
            hashed(handle),
        )
    if tries is None or tries > MOST_TRIES:
        raise _begin_again()
    await factor.count_failure(runtime.database, person_id, now)
    async with transaction(runtime.database) as conn:
        row = await _standing(conn, handle, now, lock=True)
        await factor.check(conn, runtime.part(factor.Safe), person_id, typed, now)
        return await _finish(conn, row, handle, person_id, amr=APP, now=now)


async def _finish(  # noqa: PLR0913 - what somebody signed in consists of
    conn: Conn,
    row: asyncpg.Record,
    handle: str,
    person_id: UUID,
    *,
    amr: tuple[str, ...],
    now: datetime,
) -> Done:
    signed_in_id, code = uuid7(), new_secret()
    await conn.execute(
        """
        INSERT INTO signed_in (signed_in_id, person_id, client_id, scope, amr, started_at,
                               last_used_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7)
        """,
        signed_in_id,
        person_id,
        row["client_id"],
        row["scope"],
        amr,
        now,
        now + CODE_LASTS,  # until the front end comes with the code
    )
    await conn.execute(
        """
        INSERT INTO authorization_code (code_hash, signed_in_id, redirect_uri, code_challenge,
                                        nonce, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        hashed(code),
        signed_in_id,
        row["redirect_uri"],
        row["code_challenge"],
        row["nonce"],
        now + CODE_LASTS,
    )
    await _forget(conn, handle)
    log.info("signed in", person_id=str(person_id), client_id=row["client_id"], amr=list(amr))
    return Done(row["redirect_uri"], code, row["state"])


async def _standing(
    conn: Conn, handle: str, now: datetime, *, lock: bool = False
) -> asyncpg.Record:
    if lock:
        await conn.execute("SELECT FROM sign_in WHERE handle_hash = $1 FOR UPDATE", hashed(handle))
    row = await conn.fetchrow(
        """
        SELECT client_id, redirect_uri, code_challenge, scope, state, nonce, code_id, person_id
          FROM sign_in WHERE handle_hash = $1 AND expires_at > $2
        """,
        hashed(handle),
        now,
    )
    if row is None:
        raise _begin_again()
    return row


def _begin_again() -> Refused:
    return Refused(BEGUN_ANEW, errors=[Fault("/handle", "begin-again", BEGUN_ANEW)])


async def _forget(conn: Conn, handle: str) -> None:
    await conn.execute("DELETE FROM sign_in WHERE handle_hash = $1", hashed(handle))


async def _has_account(conn: Conn, person_id: UUID) -> bool:
    found = await conn.fetchval(
        "SELECT true FROM member WHERE person_id = $1 AND name IS NOT NULL", person_id
    )
    return bool(found)
