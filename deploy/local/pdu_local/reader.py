"""`./pdu reader`: lets somebody outside read the journal over AMQP."""

import asyncio
import re
import secrets
from urllib.parse import quote

from pdu_local.failure import USAGE, Failure
from pdu_local.place import management_url, running_place
from pdu_local.programs import Place
from pdu_shared.contracts.message import JOURNAL_STREAM
from pdu_shared.platform import admit_reader

NAME = re.compile(r"[a-z][a-z0-9]{0,30}")


def reader(name: str) -> str:
    """Make `reader_<name>`, or give them a new password; the address to read from."""
    checked_name(name)
    place = running_place()
    password = secrets.token_urlsafe(24)
    asyncio.run(admit_reader(management_url(place), name, password))
    return (
        f"{outside_url(place, f'reader_{name}', password)}\n"
        f"Stream queue {JOURNAL_STREAM}; consume it with the argument x-stream-offset\n"
        "(first, last, next, a number, or a time) and acknowledge what you have read.\n"
        "The password is shown only now."
    )


def checked_name(name: str) -> None:
    """Refuse what cannot be part of a user's name."""
    if not NAME.fullmatch(name):
        raise Failure(f"{name!r} is no name here.", "Say a short word, a to z.", code=USAGE)


def outside_url(place: Place, user: str, password: str) -> str:
    """Where somebody outside connects."""
    address = f"{user}:{quote(password, safe='')}@127.0.0.1:{place.ports['amqp']}"
    return f"amqp://{address}/pdu"
