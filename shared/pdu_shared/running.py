"""A service as a process: `python -m pdu_<name> [serve | migrate | replay | parked | …]`."""

import argparse
import asyncio
import gc
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import uvicorn

from pdu_shared import logs
from pdu_shared.database import open_database, transaction
from pdu_shared.ledger import tell_next
from pdu_shared.one_piece import InOnePiece
from pdu_shared.parking import parked, resolve
from pdu_shared.replay import replay
from pdu_shared.runtime import Runtime
from pdu_shared.service import Command, Service
from pdu_shared.set_aside import let_in
from pdu_shared.settings import BadSettings, Settings


def main(service: Service, arguments: Sequence[str] | None = None) -> None:
    """Run one command of a service. Exit 78 for a setting that is wrong."""
    gc.enable()  # after the imports, see lean.py
    asked = _parser(service).parse_args(arguments)
    try:
        settings = Settings()
        # What a command says goes to standard output, so what it logs does not.
        stream = sys.stdout if asked.command == "serve" else sys.stderr
        logs.configure(service.name, production=settings.env == "production", stream=stream)
        match asked.command:
            case "serve":
                _serve(service, settings)
            case "migrate":
                asyncio.run(service.migrate(settings))
            case "replay":
                told = asyncio.run(_replay(service, settings, asked.to, asked.message))
                sys.stdout.write(f"{told} messages replayed to {asked.to}\n")
            case "count":
                asyncio.run(_count(service, settings))
            case "parked":
                asyncio.run(_parked(service, settings, asked.action, asked.ids))
            case name:
                [command] = [one for one in service.commands if one.name == name]
                sys.exit(asyncio.run(_own(command, settings, asked)))
    except BadSettings as wrong:
        sys.exit(f"pdu-{service.name} cannot start: {wrong}")


def _parser(service: Service) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m pdu_{service.name}", description=f"The {service.name} service."
    )
    commands = parser.add_subparsers(dest="command")
    parser.set_defaults(command="serve")
    commands.add_parser("serve", help="answer requests, relay and consume (the default)")
    commands.add_parser("migrate", help="bring schema, queue and bindings up to date")
    again = commands.add_parser("replay", help="tell one service again what this one told")
    again.add_argument("--to", required=True, metavar="SERVICE")
    again.add_argument("message", nargs="*", help="such as EventBooked; all when none is named")
    commands.add_parser("count", help="tell reporting now how much this one has told")
    aside = commands.add_parser("parked", help="messages that were set aside")
    aside.add_argument("action", choices=["list", "show", "replay", "discard"])
    aside.add_argument("ids", nargs="*", type=UUID)
    for command in service.commands:
        command.takes(
            commands.add_parser(command.name, help=command.does, description=command.does)
        )
    return parser


def _serve(service: Service, settings: Settings) -> None:
    app = service.app(settings)
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        http=InOnePiece,
        ws="none",
        log_config=None,
        access_log=False,  # paths may hold the token of a booking
        server_header=False,
        proxy_headers=False,  # nobody asks for the caller's address
        timeout_graceful_shutdown=20,
    )
    server = uvicorn.Server(config)
    # What was made until now stays: the garbage collector need not walk through it again.
    gc.collect()
    gc.freeze()
    # What a request makes is gone with it; cycles are few, and looking for them took a twentieth.
    gc.set_threshold(20_000, 20, 20)
    # An answer without end would hold up the shutdown: streams ask whether it is time to go.
    app.state.closing = lambda: server.should_exit
    server.run()


async def _replay(service: Service, settings: Settings, to: str, names: Sequence[str]) -> int:
    async with open_database(settings.database_dsn(), application="pdu-replay") as database:
        return await replay(
            database, settings.amqp_urls(), service=service.name, to=to, names=names
        )


async def _count(service: Service, settings: Settings) -> None:
    """Count what was told until now; the running service publishes it."""
    async with open_database(settings.database_dsn(), application="pdu-count") as database:
        runtime, until = Runtime(service.name, settings, database), datetime.now(UTC)
        while await tell_next(runtime, until=until):
            pass
        told = await database.pool.fetchval("SELECT ends_at FROM ledger_told")
    if told:
        sys.stdout.write(f"{told.isoformat()}\n")


async def _own(command: Command, settings: Settings, asked: argparse.Namespace) -> int:
    async with open_database(
        settings.database_dsn(), application=f"pdu-{command.name}"
    ) as database:
        return await command.run(database, asked)


async def _parked(service: Service, settings: Settings, action: str, ids: Sequence[UUID]) -> None:
    """Print what is set aside as JSON lines, or deal with some of it."""
    async with open_database(settings.database_dsn(), application="pdu-parked") as database:
        async with database.pool.acquire() as conn:
            aside = await parked(conn)
        chosen = [one for one in aside if not ids or one["parked_id"] in ids]
        if action in ("replay", "discard") and not ids:
            sys.exit(f"Say which: {action} takes the ids that `parked list` shows.")
        for one in chosen:
            match action:
                case "replay":
                    runtime = Runtime(service.name, settings, database)
                    await let_in(runtime, service.take, one["parked_id"])
                    one["resolution"] = "replayed"
                case "discard":
                    async with transaction(database) as conn:
                        await resolve(conn, [one["parked_id"]], "discarded")
                    one["resolution"] = "discarded"
            sys.stdout.write(json.dumps({"service": service.name, **one}, default=str) + "\n")
