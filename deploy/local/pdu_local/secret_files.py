"""Which secrets each service holds, laid out as files before anything starts."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from pdu_local.keys import Keys
from pdu_shared.platform import BROKER_USERS, DATABASE_ROLES, SERVICES

PLATFORM = "platform"
BADGES = "badge_key.json"
ISSUER = "issuer_keys.json"
ISSUER_ALONE = "issuer_key.json"  # of a checkout that is older than rotation
FACTOR_KEY = "factor_key"
PERSON_KEY, LINK_KEY = "person_key", "link_key"
KNOW_PERSONS = ("bookings", "resources", "notifications")
"""Who makes pseudonyms of addresses, all with the same key."""
GIVE_LINKS = ("bookings", "resources", "notifications")
"""Who signs the links in letters, each with a key of its own."""
RECIPIENTS = {
    "notifications": "sealing_key.json",
    "bookings": "commands_key.json",
    "resources": "gathering_key.json",
}
"""Who opens what is sealed for them, and the file of the key that does it."""
PORTAL = "portal"
TOKEN = "reporting_token"  # noqa: S105 - the name of its file
COOKIE_KEY = "cookie_key"
CLIENT_SECRET = "portal_client_secret"  # noqa: S105 - the name of its file
LONGEST_TOKEN = timedelta(days=31)
"""So long an old key of the issuer verifies here: the portal's token lives for a month."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """What the platform step tells the servers: a password for each role and for each user."""

    database: Mapping[str, str]
    broker: Mapping[str, str]


def make(folder: Path, *, anew: bool) -> Passwords:
    """Make what is missing; keys only `anew`, when no data depends on them yet."""
    keys = Keys(folder)
    # Badges are signed whenever their holders look at them, so a lost key costs little.
    keys.document(PLATFORM, BADGES, _new_badge_key, anew=True)
    older = keys.file(PLATFORM, ISSUER_ALONE).exists()
    keys.document(PLATFORM, ISSUER, partial(_first_issuer_keys, keys), anew=anew or older)
    for recipient, file in RECIPIENTS.items():
        # Data depends on one key only: what waits under the others is refused, or asked for again.
        new = partial(_new_sealing_key, recipient)
        keys.document(PLATFORM, file, new, anew=anew or recipient != "notifications")
    keys.key(PLATFORM, PERSON_KEY, _random, anew=anew)
    for service in GIVE_LINKS:
        keys.key(PLATFORM, f"{service}_{LINK_KEY}", _random, anew=anew)
    # Without its key a second factor is set up anew: an older checkout has none yet.
    keys.key(PLATFORM, FACTOR_KEY, _random, anew=True)
    # Without them people sign in once more.
    keys.key(PLATFORM, CLIENT_SECRET, _random, anew=True)
    keys.key(PORTAL, COOKIE_KEY, _random, anew=True)
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


def hand_out(folder: Path) -> None:
    """Give each service its share of the keys."""
    # It takes half a second to load these, in which RabbitMQ starts.
    from pdu_shared import sealing

    keys = Keys(folder)
    badges = keys.document(PLATFORM, BADGES, _new_badge_key, anew=False)
    keys.hand_out("badge_keys.json", json.dumps({"keys": [badges]}), ("resources",))
    _hand_out_issuer(keys, issuer_keys(folder))
    person_key = keys.key(PLATFORM, PERSON_KEY, _random, anew=False)
    keys.hand_out(PERSON_KEY, person_key, KNOW_PERSONS)
    for service in GIVE_LINKS:
        link_key = keys.key(PLATFORM, f"{service}_{LINK_KEY}", _random, anew=False)
        keys.hand_out(LINK_KEY, link_key, (service,))
    factor_key = keys.key(PLATFORM, FACTOR_KEY, _random, anew=False)
    keys.hand_out(FACTOR_KEY, factor_key, ("resources",))
    client_secret = keys.key(PLATFORM, CLIENT_SECRET, _random, anew=False)
    keys.hand_out(CLIENT_SECRET, client_secret, ("resources", PORTAL))
    private = {
        recipient: keys.document(PLATFORM, file, partial(_new_sealing_key, recipient), anew=False)
        for recipient, file in RECIPIENTS.items()
    }
    for service in SERVICES:
        held = sealing.keys_of(service, private)
        keys.hand_out("sealing_keys.json", json.dumps(held), (service,))


def admit_portal(folder: Path) -> None:
    """Give the portal a token for the journal, good until the next start and long after."""
    from pdu_shared import tokens
    from pdu_shared.access import Caller, Role
    from pdu_shared.issuer_keys import signing_key

    issuer = signing_key(issuer_keys(folder))
    portal = Caller(client_id=PORTAL, roles=frozenset({Role.INTEGRATION}))
    token = tokens.mint(issuer, portal, audiences=["pdu-reporting"], lifetime=timedelta(days=30))
    Keys(folder).hand_out(TOKEN, token, (PORTAL,))


def issuer_keys(folder: Path) -> dict[str, Any]:
    """The keys of this checkout's issuer; Failure when there are none."""
    keys = Keys(folder)
    older = keys.file(PLATFORM, ISSUER_ALONE).exists()
    return keys.document(PLATFORM, ISSUER, partial(_first_issuer_keys, keys), anew=older)


def rotate_issuer(folder: Path, *, compromised: bool) -> str:
    """Sign with the next key from now on; its id. Services read the new files within seconds."""
    from pdu_shared import issuer_keys as kept

    before, now = issuer_keys(folder), datetime.now(UTC)
    after = kept.first_keys() if compromised else kept.rotated(before, now, kept_for=LONGEST_TOKEN)
    keys = Keys(folder)
    keys.hand_out(ISSUER, json.dumps(after), (PLATFORM,))
    _hand_out_issuer(keys, after)
    return str(kept.signing_key(after)["kid"])


def _hand_out_issuer(keys: Keys, document: Mapping[str, Any]) -> None:
    from pdu_shared.issuer_keys import published

    public = json.dumps(published(document, datetime.now(UTC)))
    # Whoever verifies comes first: a key that signs is known everywhere.
    keys.hand_out("jwks.json", public, SERVICES)
    keys.hand_out(ISSUER, json.dumps(document), ("resources",))


def _first_issuer_keys(keys: Keys) -> dict[str, Any]:
    from pdu_shared.issuer_keys import first_keys

    alone = keys.file(PLATFORM, ISSUER_ALONE)
    return first_keys(json.loads(alone.read_text()) if alone.exists() else None)


def _new_badge_key() -> dict[str, Any]:
    from pdu_shared import tokens

    return tokens.new_issuer_key()


def _new_sealing_key(recipient: str) -> dict[str, Any]:
    from pdu_shared import sealing

    return sealing.new_key(recipient)


def _random() -> str:
    return secrets.token_urlsafe(32)
