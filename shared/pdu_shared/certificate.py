"""What certificates have in common, of whatever they certify: a code, its hash, and initials."""

import base64
import hashlib
import secrets
from typing import Annotated

from fastapi import Path

CertificateCode = Annotated[
    str,
    Path(pattern=r"^[a-z2-7]{24}$", description="The code of one certificate, which is printed"),
]


def new_code() -> str:
    """The code by which anybody finds a certificate: 120 random bits."""
    return base64.b32encode(secrets.token_bytes(15)).decode().lower()


def hash_of(code: str) -> str:
    """What is told instead of the code: whoever has the one can compare it with the other."""
    return hashlib.sha256(code.encode()).hexdigest()


def initials(name: str) -> str:
    """Marian Fitzwalter as M. F., for readers who need no more."""
    return " ".join(f"{word[0].upper()}." for word in name.split())
