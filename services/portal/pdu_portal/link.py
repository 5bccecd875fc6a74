"""Tokens and keys in people's addresses, as far as they may go into an address of ours."""

import re

from pdu_portal.neighbours import NotThere

TOKEN = re.compile(r"[A-Za-z0-9._~-]{8,512}")


def token_of(text: str) -> str:
    """The token; raises NotThere for what can be none."""
    if not TOKEN.fullmatch(text) or set(text) <= {"."}:
        raise NotThere("bookings")
    return text


KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


def key_in(text: str) -> str:
    """The key of a module, an item or a community; raises NotThere for what can be none."""
    if not KEY.fullmatch(text):
        raise NotThere("resources")
    return text
