"""How a letter greets: by name, unless the name looks like an advertisement."""

import re
import unicodedata

LONGEST = 60
# Anybody can book for any address: the name must not become a stranger's message.
_LINK = re.compile(r"[/\\@<>]|https?:|www\.|\w\.[a-z]{2,}\b", re.IGNORECASE)
_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def greeting(name: str) -> str:
    """`Hello Amina Yusuf,`, or `Hello,` for what is no name."""
    plain = one_line(name)
    if not plain or len(plain) > LONGEST or _LINK.search(plain):
        return "Hello,"
    return f"Hello {plain},"


def one_line(text: str) -> str:
    """The text in one line, without control characters and without turning the direction."""
    return " ".join(
        "".join(
            "" if char in _TURNING else " " if unicodedata.category(char) in _BREAKING else char
            for char in text
        ).split()
    )
