"""The second factor: an authenticator app, whose secret is sealed where the database has no key."""

import os
from datetime import datetime
from hashlib import sha256
from math import ceil
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import APIRouter
from fastapi.responses import Response

from pdu_resources.identity.signed_in import end_all
from pdu_resources.rules.authenticator import (
    LOCKED_FOR,
    MAY_BE_SET_UP_FOR,
    MOST_FAILURES,
    new_secret,
    step_of,
)
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.problems import Fault, NotFound, Refused, TooMany
from pdu_shared.runtime import Now, Runtime, Store

log = structlog.get_logger()
router = APIRouter(tags=["roles"])

NONCE = 12


class Safe:
    """Seals the secrets of second factors, each for the person whose it is."""

    def __init__(self, runtime: Runtime) -> None:
        key = runtime.settings.secret("factor_key").encode()
        self._cipher = AESGCM(sha256(b"second factor\0" + key).digest())

    def seal(self, person_id: UUID, secret: str) -> bytes:
        """The secret as it is kept."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), person_id.bytes)

    def open(self, person_id: UUID, sealed: bytes) -> str | None:
        """The secret; None when it was sealed with another key, or for somebody else."""
        try:
            opened = self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], person_id.bytes)
        except InvalidTag:
            return None
        return opened.decode()


@router.delete("/persons/{person_id}/second-factor", status_code=204)
async def reset_factor(person_id: UUID, database: Store, now: Now) -> Response:
    """Let somebody set up their second factor anew within a week, and sign them out everywhere."""
    async with transaction(database) as conn:
        reset = await conn.fetchval(
            """
            UPDATE second_factor
               SET secret = NULL, set_up_at = NULL, failures = 0, locked_until = NULL,
                   may_set_up_until = $2
             WHERE person_id = $1
         RETURNING true
            """,
            person_id,
            now + MAY_BE_SET_UP_FOR,
        )
        if not reset:
            raise NotFound
        await end_all(conn, person_id, because="factor_reset", now=now)
    log.info("second factor reset", person_id=str(person_id))
    return Response(status_code=204)


async def is_set_up(conn: Conn, person_id: UUID) -> bool:
    """Whether somebody has a second factor."""
    found = await conn.fetchval(
        "SELECT true FROM second_factor WHERE person_id = $1 AND set_up_at IS NOT NULL", person_id
    )
    return bool(found)


async def begin_set_up(conn: Conn, safe: Safe, person_id: UUID, now: datetime) -> None:
    """Make a secret for somebody who has none. Raises Refused when it is too late for that."""
    begun = await conn.fetchval(
        """
        UPDATE second_factor SET secret = $2
         WHERE person_id = $1 AND set_up_at IS NULL AND may_set_up_until > $3
     RETURNING true
        """,
        person_id,
        safe.seal(person_id, new_secret()),
        now,
    )
    if not begun:
        told = "The week in which you could set up your second factor is over: ask for a new one."
        raise Refused(told, errors=[Fault("", "too-late-to-set-up", told)])


async def secret_to_show(conn: Conn, safe: Safe, person_id: UUID) -> str | None:
    """The secret of somebody who is setting up their second factor; later nobody sees it."""
    sealed = await conn.fetchval(
        "SELECT secret FROM second_factor WHERE person_id = $1 AND set_up_at IS NULL", person_id
    )
    return safe.open(person_id, sealed) if sealed else None


async def count_failure(database: Database, person_id: UUID, now: datetime) -> None:
    """Count a try as failed, for good, until it turns out to be right.

    Raises TooMany for an hour after ten in a row.
    """
    async with transaction(database) as conn:
        row = await conn.fetchrow(
            """
            UPDATE second_factor
               SET failures = CASE WHEN locked_until < $2 THEN 1 ELSE failures + 1 END,
                   locked_until = CASE WHEN locked_until > $2 THEN locked_until
                                       WHEN locked_until IS NULL AND failures + 1 > $3 THEN $4
                                  END
             WHERE person_id = $1
         RETURNING locked_until
            """,
            person_id,
            now,
            MOST_FAILURES,
            now + LOCKED_FOR,
        )
    if row and row["locked_until"]:
        wait = ceil((row["locked_until"] - now).total_seconds())
        raise TooMany("Too many wrong codes: wait an hour.", retry_after=wait)


async def check(conn: Conn, safe: Safe, person_id: UUID, typed: str, now: datetime) -> None:
    """Take a code of the app; the first one also sets it up. Raises Refused when it is wrong."""
    row = await conn.fetchrow(
        "SELECT secret, last_step FROM second_factor WHERE person_id = $1 FOR UPDATE", person_id
    )
    secret = safe.open(person_id, row["secret"]) if row and row["secret"] else None
    step = step_of(secret, typed, now, after=row["last_step"]) if row and secret else None
    if step is None:
        log.info("second factor refused", person_id=str(person_id))
        told = "This is not the code that your app shows now. Wait for the next one."
        raise Refused(errors=[Fault("/code", "wrong-code", told)])
    await conn.execute(
        """
        UPDATE second_factor
           SET last_step = $2, failures = 0, locked_until = NULL,
               set_up_at = coalesce(set_up_at, $3)
         WHERE person_id = $1
        """,
        person_id,
        step,
        now,
    )
