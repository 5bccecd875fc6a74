"""`./pdu token` mints access tokens for trying things out; `./pdu rotate-keys` rotates the keys."""

from datetime import timedelta
from uuid import UUID

from pdu_local.failure import USAGE, Failure
from pdu_local.keys import Keys
from pdu_local.paths import STATE, State
from pdu_local.secret_files import ISSUER, PLATFORM, issuer_keys, rotate_issuer
from pdu_shared.access import Caller, Role
from pdu_shared.identity import random_person_id
from pdu_shared.issuer_keys import signing_key
from pdu_shared.platform import SERVICES
from pdu_shared.tokens import mint


def token(role: str, *, subject: UUID | None, hours: float, state: State = STATE) -> str:
    """A token of somebody with this role, signed with this checkout's key as the issuer would."""
    if role not in set(Role):
        known = ", ".join(Role)
        raise Failure(f"There is no role called {role}.", f"Say one of {known}.", code=USAGE)
    if not Keys(state.secrets).file(PLATFORM, ISSUER).exists():
        raise Failure("This checkout has no keys yet.", "Start it once: ./pdu up")
    key = signing_key(issuer_keys(state.secrets))
    caller = Caller(
        sub=subject or random_person_id(), client_id="pdu-cli", roles=frozenset({Role(role)})
    )
    audiences = [f"pdu-{name}" for name in SERVICES]
    return mint(key, caller, audiences=audiences, lifetime=timedelta(hours=hours))


def rotate_keys(*, compromised: bool, state: State = STATE) -> str:
    """Rotate the issuer's keys, and what there is to say about it."""
    if not Keys(state.secrets).file(PLATFORM, ISSUER).exists():
        raise Failure("This checkout has no keys yet.", "Start it once: ./pdu up")
    kid = rotate_issuer(state.secrets, compromised=compromised)
    later = "Start ./pdu up again: the portal holds a token of its own." if compromised else ""
    return f"Key {kid} signs within seconds. {later}".rstrip()
