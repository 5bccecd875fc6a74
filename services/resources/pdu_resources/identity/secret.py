"""Random secrets, of which we keep only a hash."""

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits in 43 characters."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """What is kept of it. The secrets are random and long, so nobody tries them all."""
    return hashlib.sha256(secret.encode()).digest()
