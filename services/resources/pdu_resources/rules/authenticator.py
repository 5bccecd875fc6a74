"""Codes of an authenticator app (RFC 6238): other six digits every half minute, good once."""

from datetime import datetime, timedelta

from pyotp import TOTP, random_base32
from pyotp.utils import strings_equal

STEP = 30
MOST_FAILURES = 10
LOCKED_FOR = timedelta(hours=1)
MAY_BE_SET_UP_FOR = timedelta(days=7)


def new_secret() -> str:
    """A secret to type into the app: 160 random bits, in base 32."""
    return random_base32(32)


def step_of(secret: str, typed: str, now: datetime, *, after: int) -> int | None:
    """The half minute that this code belongs to; None when it is wrong, or not after the last.

    The one before and the one after are good too: people type slowly, and clocks differ a little.
    """
    digits = "".join(typed.split()).replace("-", "")
    app, present = TOTP(secret), int(now.timestamp()) // STEP
    for step in (present, present - 1, present + 1):
        if strings_equal(digits, app.generate_otp(step)) and step > after:
            return step
    return None


def address_of(secret: str, *, whose: str, issuer: str) -> str:
    """The secret as a link that an authenticator app opens."""
    return TOTP(secret).provisioning_uri(name=whose, issuer_name=issuer)
