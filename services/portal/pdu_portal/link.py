"""Tokens in the addresses of letters' links, as far as they may go into an address of ours."""

import re

from pdu_portal.neighbours import NotThere

TOKEN = re.compile(r"[A-Za-z0-9._~-]{8,512}")


def token_of(text: str) -> str:
    """The token; raises NotThere for what can be none."""
    if not TOKEN.fullmatch(text) or set(text) <= {"."}:
        raise NotThere("bookings")
    return text
