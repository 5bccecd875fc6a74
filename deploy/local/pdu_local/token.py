"""`./pdu token`: an access token for this checkout's services, for trying things out."""

from datetime import timedelta
from uuid import UUID

from pdu_local.failure import USAGE, Failure
from pdu_local.keys import Keys
from pdu_local.paths import STATE, State
from pdu_local.secret_files import PLATFORM
from pdu_shared.access import Caller, Role
from pdu_shared.identity import random_person_id
from pdu_shared.platform import SERVICES
from pdu_shared.tokens import mint, new_issuer_key


def token(role: str, *, subject: UUID | None, hours: float, state: State = STATE) -> str:
    """A token of somebody with this role. Until members sign in, only this checkout's key signs."""
    if role not in set(Role):
        known = ", ".join(Role)
        raise Failure(f"There is no role called {role}.", f"Say one of {known}.", code=USAGE)
    if not Keys(state.secrets).file(PLATFORM, "issuer_key.json").exists():
        raise Failure("This checkout has no keys yet.", "Start it once: ./pdu up")
    key = Keys(state.secrets).document(PLATFORM, "issuer_key.json", new_issuer_key, anew=False)
    caller = Caller(
        sub=subject or random_person_id(), client_id="pdu-cli", roles=frozenset({Role(role)})
    )
    audiences = [f"pdu-{name}" for name in SERVICES]
    return mint(key, caller, audiences=audiences, lifetime=timedelta(hours=hours))
