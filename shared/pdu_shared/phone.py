"""Telephone numbers: as people write them, and as every network reads them."""

import re

WRITTEN = re.compile(r"(?:\+|00)?[0-9]+")
BETWEEN = str.maketrans("", "", " ()-./\u00a0\u2011")
SHORTEST, LONGEST = 8, 15
"""Digits with the code of the country (E.164)."""
HOME, TRUNK = "44", "0"
MOBILE = re.compile(r"\+447[1-57-9][0-9]{8}|\+(?!44)[0-9]{8,15}")
"""A mobile of ours (pagers, 076, are none); abroad nobody can tell from the number."""


class BadNumber(ValueError):
    """Text that is no telephone number; the words never repeat it."""


def number(text: str) -> str:
    """The number in the form of E.164, such as +447700900123. BadNumber says what is wrong.

    A number without the code of a country is one of ours.
    """
    plain = text.replace("(0)", "").translate(BETWEEN)
    if not WRITTEN.fullmatch(plain):
        raise BadNumber("A telephone number has digits, spaces, and perhaps a + in front.")
    if plain.startswith("+"):
        digits = plain[1:]
    elif plain.startswith("00"):
        digits = plain[2:]
    elif plain.startswith(TRUNK):
        digits = HOME + plain[1:]
    else:
        raise BadNumber("A telephone number begins with 0, or with + and the code of a country.")
    if not SHORTEST <= len(digits) <= LONGEST or digits.startswith("0"):
        raise BadNumber("This telephone number is not complete.")
    return f"+{digits}"


def takes_texts(text: str) -> bool:
    """Whether a text message can be sent to this number."""
    try:
        return MOBILE.fullmatch(number(text)) is not None
    except BadNumber:
        return False
