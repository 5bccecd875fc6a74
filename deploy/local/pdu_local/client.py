"""`./pdu client`: lets a front end without HTTP send commands over AMQP."""

import asyncio
import secrets

from pdu_local.failure import USAGE, Failure
from pdu_local.place import management_url, running_place
from pdu_local.reader import checked_name, outside_url
from pdu_shared.contracts.message import COMMANDS_EXCHANGE, JOURNAL_STREAM
from pdu_shared.platform import admit_client


def client(name: str, may: str | None) -> str:
    """Make `client_<name>`, or give it a new password and these rights; where to send."""
    from pdu_bookings.command.room import OVER_BUS

    checked_name(name)
    wanted = sorted(set(may.split(","))) if may else sorted(OVER_BUS)
    unknown = [one for one in wanted if one not in OVER_BUS]
    if unknown:
        raise Failure(
            f"{', '.join(unknown)}: no such command.",
            f"There are {', '.join(sorted(OVER_BUS))}.",
            code=USAGE,
        )
    place = running_place()
    password = secrets.token_urlsafe(24)
    keys = [f"bookings.{command}" for command in wanted]
    asyncio.run(admit_client(management_url(place), name, password, keys))
    return (
        f"{outside_url(place, f'client_{name}', password)}\n"
        f"Exchange {COMMANDS_EXCHANGE}, routing keys {', '.join(keys)}.\n"
        f"Answers come in the stream {JOURNAL_STREAM}, with the command's id as causationid.\n"
        f"Seal to the key at http://127.0.0.1:{place.ports['bookings']}/commands/key; what goes\n"
        "into a command is in /asyncapi.json beside it. The password is shown only now."
    )
