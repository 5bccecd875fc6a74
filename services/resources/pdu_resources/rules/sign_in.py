"""What signing in asks of whom, and for how long it lasts."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

STAFF = frozenset({"coordinator", "data_protection_lead", "operator", "evaluator", "administrator"})
"""Who sees much of others, and so shows two things when they sign in."""
NOT_GIVEN = frozenset({"visitor", "member", "integration"})
"""What nobody is given: all are visitors, who has an account is a member, clients integrate."""
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
SIDE_BY_SIDE = timedelta(seconds=30)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Lasts:
    """How long somebody stays signed in: without using it, and at most."""

    idle: timedelta
    at_most: timedelta


def lasts(roles: Collection[str]) -> Lasts:
    """How long somebody with these roles stays signed in."""
    if STAFF.isdisjoint(roles):
        return Lasts(idle=timedelta(days=14), at_most=timedelta(days=60))
    return Lasts(idle=timedelta(hours=2), at_most=timedelta(hours=12))


def used_at_once(used_at: datetime, now: datetime, *, confidential: bool) -> bool:
    """Whether a refresh token that comes again comes from pages that were opened side by side.

    Only for a client that shows a secret: whoever stole the token alone has no use of it.
    """
    return confidential and now - used_at < SIDE_BY_SIDE


def needs_second_factor(roles: Collection[str]) -> bool:
    """Whether the letter with a code is not enough (ASVS 5.0, 6.3.3)."""
    return not STAFF.isdisjoint(roles)


def answers_challenge(challenge: str, verifier: str) -> bool:
    """Whether whoever comes with this verifier sent that challenge (RFC 7636, S256 only)."""
    if not VERIFIER.fullmatch(verifier):
        return False
    return hmac.compare_digest(challenge_of(verifier), challenge)


def challenge_of(verifier: str) -> str:
    """The challenge that this verifier answers."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def is_challenge(text: str | None) -> bool:
    """Whether this can be the SHA-256 of a verifier."""
    return text is not None and CHALLENGE.fullmatch(text) is not None


def may_return_to(uri: str) -> bool:
    """Whether a front end may be registered at this address: TLS, this machine, or an app's own."""
    parts = urlsplit(uri)
    if "#" in uri or parts.username is not None or not uri.isprintable() or " " in uri:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme == "http":
        return parts.hostname in LOOPBACK
    return "." in parts.scheme and not parts.netloc


def granted(asked: str | None, allowed: Collection[str]) -> str:
    """The scopes that are given of those asked for; all that are allowed when none is named."""
    if not asked:
        return " ".join(sorted(allowed))
    return " ".join(sorted(set(asked.split()) & set(allowed)))
