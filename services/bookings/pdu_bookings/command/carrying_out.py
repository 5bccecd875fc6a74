"""Carrying out a command: as a request to our own routes, and with an answer on the bus.

The same access, models and use cases as over HTTP, under the command's id as idempotency key; so
a command that comes twice, or whose answer was lost with the process, has one effect.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from starlette.types import ASGIApp

from pdu_bookings.command.reading import Command, Unfit
from pdu_shared import inside, outbox
from pdu_shared.bus import Thread, continuing
from pdu_shared.contracts.bookings.command import CommandFault, CommandRefused, CommandTaken
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.parking import park
from pdu_shared.problems import Unavailable
from pdu_shared.reading import Flaw

log = structlog.get_logger()

OF_OURS = re.compile(r"(/([a-z][a-z_]{0,40}|\d{1,4})){1,8}")
"""A pointer that holds nothing but names of fields and numbers."""
UNKNOWN_FIELD = "extra_forbidden"
_BUSY = 503
_WELL = 300


async def carry_out(
    app: ASGIApp, database: Database, over_bus: Mapping[str, str], read: Command | Unfit | Flaw
) -> None:
    """Do what a command asks and answer it. Raises Unavailable when it should be asked again."""
    match read:
        case Flaw():
            async with transaction(database) as conn:
                await park(conn, read)
        case Unfit(command_id, correlation_id, problem):
            refused = CommandRefused(command_id=command_id, problem=problem)
            await _answer(database, refused, correlation_id)
        case Command():
            async with database.pool.acquire(timeout=5) as conn:
                done = await _is_answered(conn, read.command_id)
            if not done:
                await _answer(database, await _ask(app, over_bus, read), read.correlation_id)


async def _ask(
    app: ASGIApp, over_bus: Mapping[str, str], command: Command
) -> CommandTaken | CommandRefused:
    route = _route(over_bus[command.name], command.path)
    if route is None:
        return CommandRefused(command_id=command.command_id, problem="not-found")
    headers = {
        "idempotency-key": f"{command.client}.{command.command_id}",
        "x-request-id": str(command.correlation_id),
    }
    if command.token:
        headers["authorization"] = command.token
    answered = await inside.ask(app, route, headers, command.body, cause=command.command_id)
    if answered.status == _BUSY:
        raise Unavailable
    log.info("command", command_id=str(command.command_id), status=answered.status)
    told = json.loads(answered.body) if answered.body else {}
    if answered.status < _WELL:
        return CommandTaken(command_id=command.command_id, **_booking(told))
    return CommandRefused(
        command_id=command.command_id,
        problem=told["type"].removeprefix("/problems/"),
        faults=tuple(_fault(one) for one in told.get("errors", ())),
    )


def _booking(told: Any) -> dict[str, str]:  # noqa: ANN401 - JSON is anything
    """The booking that an answer is about, if it is about one, and how it stands."""
    if not isinstance(told, dict) or "booking_id" not in told:
        return {}
    about = {"booking_id": told["booking_id"], "state": told.get("state")}
    return about if about["state"] in set(PlaceState) else {"booking_id": told["booking_id"]}


def _route(template: str, given: Mapping[str, str]) -> str | None:
    """A route with its path filled in; None when it is not whole, or would lead elsewhere."""
    if any(not part or "/" in part or part in {".", ".."} for part in given.values()):
        return None
    try:
        return template.format(**given)
    except KeyError:
        return None


def _fault(told: Mapping[str, Any]) -> CommandFault:
    pointer = told["pointer"]
    if told["code"] == UNKNOWN_FIELD:  # its name is the caller's word, not ours
        pointer = pointer.rpartition("/")[0]
    return CommandFault(pointer=pointer if OF_OURS.fullmatch(pointer) else None, code=told["code"])


async def _answer(
    database: Database, answer: CommandTaken | CommandRefused, correlation_id: UUID
) -> None:
    thread = Thread(correlation_id, answer.command_id)
    async with transaction(database) as conn:
        if await _mark_answered(conn, answer.command_id):
            with continuing(thread):
                await outbox.add(conn, answer)


async def _is_answered(conn: Conn, command_id: UUID) -> bool:
    found: bool | None = await conn.fetchval(
        "SELECT true FROM command_answered WHERE command_id = $1", command_id
    )
    return bool(found)


async def _mark_answered(conn: Conn, command_id: UUID) -> bool:
    """Whether this is the first answer. Old ones are forgotten by the way, by their index."""
    await conn.execute(
        "DELETE FROM command_answered WHERE answered_at < now() - interval '30 days'"
    )
    first: bool | None = await conn.fetchval(
        """
        INSERT INTO command_answered (command_id) VALUES ($1)
            ON CONFLICT DO NOTHING
     RETURNING true
        """,
        command_id,
    )
    return bool(first)
