"""The first administrator: made by whoever runs the machine, as there is nobody else to do it."""

import argparse
import sys
from datetime import UTC, datetime

from pdu_resources.identity.role import give
from pdu_shared.access import Role
from pdu_shared.database import Database, transaction
from pdu_shared.mail import BadAddress, address
from pdu_shared.persons import persons_of
from pdu_shared.service import Command
from pdu_shared.settings import Settings


def _takes(parser: argparse.ArgumentParser) -> None:
    """It takes no words: the address comes by standard input, where nobody else sees it."""
    del parser


async def _run(database: Database, asked: argparse.Namespace) -> int:
    del asked
    key = Settings().secret("person_key").encode()
    try:
        email = address(sys.stdin.read().strip()).addr_spec
    except BadAddress as wrong:
        sys.stdout.write(f"{wrong}\n")
        return 1
    async with transaction(database) as conn:
        [person_id] = await persons_of(conn, key, [email])
        known = await conn.fetchval(
            "SELECT true FROM member WHERE person_id = $1 AND name IS NOT NULL", person_id
        )
        if not known:
            sys.stdout.write("Nobody has an account with this address: register first.\n")
            return 1
        await give(conn, person_id, Role.ADMINISTRATOR, by=None, now=datetime.now(UTC))
    sys.stdout.write(f"{person_id} is an administrator, and sets up a second factor this week.\n")
    return 0


COMMAND = Command(
    name="administrator",
    does="make the member whose address comes by standard input an administrator",
    takes=_takes,
    run=_run,
)
