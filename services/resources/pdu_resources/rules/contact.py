"""What a person's name and e-mail address may look like."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

_UNSEEN = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
# They turn the text around them, so that a letter could show another name than the one typed.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def one_line(text: str) -> str:
    """The text, if it is one line that shows as it is written; ValueError otherwise."""
    if any(unicodedata.category(letter) in _UNSEEN for letter in text) or _TURNING.search(text):
        raise ValueError("Use letters, digits and punctuation, on one line.")
    return text


def one_address(text: str) -> str:
    """The one e-mail address that the text is, its host in lower case; ValueError otherwise.

    No display name, no second address, no comment, no folded line (RFC 5321 §4.1.2, RFC 6531).
    """
    try:
        return validate_email(text, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        # The library's words repeat parts of what was typed.
        raise ValueError("Write one e-mail address, such as name@example.org.") from None
