"""A badge as an Open Badges 3.0 credential, which wallets and employers can read and verify."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)


@dataclass(frozen=True, slots=True)
class Achieved:
    """What somebody completed."""

    pathway_key: str
    title: str
    summary: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A badge and its holder: the address is hashed, and stands in no credential."""

    badge_id: UUID
    code: str
    address: str
    issued_at: datetime


def profile(hub_url: str, issuer: str) -> dict[str, Any]:
    """Who issues badges (Open Badges 3.0, Profile)."""
    return {"id": f"{hub_url}/badge-issuer", "type": ["Profile"], "name": issuer, "url": hub_url}


def achievement(hub_url: str, achieved: Achieved) -> dict[str, Any]:
    """What a badge is given for (Open Badges 3.0, Achievement)."""
    return {
        "id": f"{hub_url}/badge-issuer/achievements/{achieved.pathway_key}",
        "type": ["Achievement"],
        "achievementType": "LearningProgram",
        "name": achieved.title,
        "description": achieved.summary,
        "criteria": {
            "narrative": "Completed every step that is not optional: "
            + "; ".join(achieved.steps)
            + ". Learning was at one's own pace; nothing was marked."
        },
    }


def credential(hub_url: str, issuer: str, achieved: Achieved, held: Held) -> dict[str, Any]:
    """The credential (Open Badges 3.0, AchievementCredential; W3C Verifiable Credentials 2.0).

    Its holder is known by a salted hash of their address: whoever is told the address can see that
    it is theirs, and nobody finds it out.
    """
    return {
        "@context": list(CONTEXT),
        "id": f"{hub_url}/badges/{held.code}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achieved.title,
        "issuer": profile(hub_url, issuer),
        "validFrom": _moment(held.issued_at),
        "credentialSubject": {
            "id": f"urn:uuid:{held.badge_id}",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": identity_hash(held.address, held.code),
                    "identityType": "emailAddress",
                    "salt": held.code,
                }
            ],
            "achievement": achievement(hub_url, achieved),
        },
    }


def claims(document: dict[str, Any], issued_at: datetime) -> dict[str, Any]:
    """The payload of its JWT: the credential with the registered claims (Open Badges 3.0, 8.2)."""
    return {
        **document,
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "nbf": int(issued_at.timestamp()),
        "sub": document["credentialSubject"]["id"],
    }


def identity_hash(address: str, salt: str) -> str:
    """The hash by which somebody shows that a badge is theirs: of the address, then the salt."""
    return f"sha256${hashlib.sha256((address + salt).encode()).hexdigest()}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
