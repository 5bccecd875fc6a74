"""Which secrets each service holds, laid out as files before anything starts."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pdu_local.keys import Keys
from pdu_shared import sealing, tokens
from pdu_shared.access import Caller, Role
from pdu_shared.platform import BROKER_USERS, DATABASE_ROLES, SERVICES

PLATFORM = "platform"
KNOW_PEOPLE = ("bookings", "resources", "notifications")
RECIPIENT = "notifications"  # of everything that is sealed
PORTAL = "portal"
TOKEN = "reporting_token"  # noqa: S105 - the name of its file


@dataclass(frozen=True, slots=True)
class Passwords:
    """What the platform step tells the servers: a password for each role and for each user."""

    database: Mapping[str, str]
    broker: Mapping[str, str]


def lay_out(folder: Path, *, anew: bool) -> Passwords:
    """Make what is missing and give each service its share.

    `anew`: no data depends on the keys yet.
    """
    keys = Keys(folder)
    _hand_out_keys(keys, anew=anew)
    return Passwords(
        database={role: keys.password(*database_file(role)) for role in DATABASE_ROLES},
        broker={user: keys.password(*broker_file(user)) for user in BROKER_USERS},
    )


def database_file(role: str) -> tuple[str, str]:
    """Owner and name of the file with this database role's password."""
    service, _, part = role.rpartition("_")
    prefix = {"app": "", "owner": "owner_", "ro": "reader_"}.get(part)
    if service in SERVICES and prefix is not None:
        return service, f"{prefix}database_password"
    return PLATFORM, f"{role}_database_password"


def broker_file(user: str) -> tuple[str, str]:
    """Owner and name of the file with this broker user's password."""
    if user in SERVICES:
        return user, "amqp_password"
    service = user.removesuffix("_owner")
    if service in SERVICES:
        return service, "owner_amqp_password"
    return PLATFORM, f"{user}_amqp_password"


def _hand_out_keys(keys: Keys, *, anew: bool) -> None:
    issuer = keys.document(PLATFORM, "issuer_key.json", tokens.new_issuer_key, anew=anew)
    keys.hand_out("jwks.json", json.dumps(tokens.public_jwks(issuer)), SERVICES)
    person = keys.key(PLATFORM, "person_key", _random, anew=anew)
    keys.hand_out("person_key", person, KNOW_PEOPLE)
    keys.hand_out("link_key", keys.key(PLATFORM, "link_key", _random, anew=anew), ("bookings",))
    private = keys.document(
        PLATFORM, "sealing_key.json", lambda: sealing.new_key(RECIPIENT), anew=anew
    )
    everybody = json.dumps(sealing.public_set([private]))
    keys.hand_out("sealing_keys.json", everybody, set(SERVICES) - {RECIPIENT})
    keys.hand_out("sealing_keys.json", json.dumps({"keys": [private]}), (RECIPIENT,))


def admit_portal(folder: Path) -> None:
    """Give the portal a token for the journal, good until the next start and long after."""
    issuer = Keys(folder).document(PLATFORM, "issuer_key.json", tokens.new_issuer_key, anew=False)
    portal = Caller(client_id=PORTAL, roles=frozenset({Role.INTEGRATION}))
    token = tokens.mint(issuer, portal, audiences=["pdu-reporting"], lifetime=timedelta(days=30))
    Keys(folder).hand_out(TOKEN, token, (PORTAL,))


def _random() -> str:
    return secrets.token_urlsafe(32)
