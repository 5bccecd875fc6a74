"""Staff sign in with an app as well: those of the demonstration have set theirs up already.

Their secrets stand in the ledger, where whoever tries it finds them. Nothing but a demonstration
has such a place.
"""

import asyncio
import base64
import hashlib
import secrets
from datetime import datetime
from time import monotonic

from pyotp import TOTP

from pdu_local.demo.cast import ADMINISTRATOR, ReadCode, address, people
from pdu_local.demo.ledger import Ledger
from pdu_local.demo.stage import PAUSE, Stage
from pdu_local.failure import Failure

STAFF = frozenset({"coordinator", "evaluator", "data_protection_lead", "operator"})
"""Of whom signing in asks for two things."""
CLIENT = "demonstration"
BACK = "http://127.0.0.1/signed-in"
WRONG = "See: ./pdu logs resources"


def staff() -> dict[str, list[str]]:
    """Who needs an app, with their roles."""
    found = people().items()
    of_staff = {who: [one for one in person["roles"] if one in STAFF] for who, person in found}
    return {who: roles for who, roles in of_staff.items() if roles}


async def set_up(stage: Stage, read_code: ReadCode) -> None:
    """Let everybody of the staff sign in for the first time, and set up their app."""
    waiting = [who for who in staff() if _key(who) not in stage.ledger]
    if not waiting:
        return
    path = f"resources /clients/{CLIENT}"
    client = {"name": "Demonstration", "pageless": True, "redirect_uris": [BACK]}
    await stage.say(f"PUT {path}", {**client, "scopes": ["openid"]}, by=ADMINISTRATOR)
    async with asyncio.TaskGroup() as group:
        for who in waiting:
            group.create_task(_set_up(stage, who, read_code))
    # Nobody signs in through it again.
    await stage.say(f"DELETE {path}", by=ADMINISTRATOR)


def secret_of(ledger: Ledger, who: str) -> str | None:
    """What somebody's app was set up with; None for whoever has none."""
    key = _secret(who)
    return str(ledger[key]["secret"]) if key in ledger else None


def code_of(ledger: Ledger, email: str, now: datetime) -> str:
    """What their app would show at this moment. Failure for whoever has none."""
    secret = secret_of(ledger, email.partition("@")[0])
    if secret is None:
        known = ", ".join(address(who) for who in staff())
        raise Failure(f"Nobody of the demonstration's staff is {email}.", f"There are: {known}")
    return TOTP(secret).at(now)


async def _set_up(stage: Stage, who: str, read_code: ReadCode) -> None:
    email = address(who)
    before = await read_code(email, "")
    challenge = hashlib.sha256(secrets.token_bytes()).digest()
    begun = await stage.say(
        "POST resources /sign-in",
        {
            "email": email,
            "client_id": CLIENT,
            "redirect_uri": BACK,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        },
    )
    step = {"handle": begun["handle"], "code": await _newer(stage, email, before, read_code)}
    shown = await stage.say("POST resources /sign-in/step", step)
    if shown["state"] == "set_up":
        # Written down before it is good: whoever is stopped in between finds it when going on.
        stage.ledger.note(_secret(who), {"secret": shown["secret"]})
        typed = {"handle": begun["handle"], "code": TOTP(shown["secret"]).now()}
        await stage.say("POST resources /sign-in/step", typed)
    if secret_of(stage.ledger, who) is None:
        raise Failure(f"{email} has an app already.", "Begin anew: ./pdu up --demo --fresh")
    stage.ledger.note(_key(who), {})


async def _newer(stage: Stage, email: str, before: str, read_code: ReadCode) -> str:
    """The code of a letter that came after the one of the account."""
    given_up = monotonic() + stage.patience
    while (code := await read_code(email, "")) == before:
        if monotonic() > given_up:
            raise Failure(f"No letter came to {email}.", WRONG)
        await asyncio.sleep(PAUSE)
    return code


def _key(who: str) -> str:
    return f"{who}.app"


def _secret(who: str) -> str:
    return f"{who}.app.secret"
