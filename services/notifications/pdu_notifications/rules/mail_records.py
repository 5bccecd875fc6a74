"""What a domain should say about its mail, so that others take our letters for ours."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_LOOKUPS = 10
"""RFC 7208, section 4.6.4: receivers give up after that."""
ASKS = re.compile(r"[+?~-]?(?:include|a|mx|ptr|exists)(?:[:/].*)?|redirect=.+", re.IGNORECASE)
SHORTEST_KEY = 160
"""The base64 of an RSA key of 1024 bits has 216 characters; an Ed25519 key 44."""


class Mark(StrEnum):
    """How it stands with one thing."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    mark: Mark
    what: str
    words: str


def mx(domain: str, hosts: Sequence[str]) -> Finding:
    """Whether letters can come back to a domain (RFC 5321, RFC 7505)."""
    what = f"MX of {domain}"
    if not hosts:
        return Finding(Mark.WRONG, what, "There is none: nobody can answer, and no bounce arrives.")
    if "." in hosts:
        return Finding(Mark.WRONG, what, "The domain says that it takes no mail.")
    return Finding(Mark.FINE, what, f"Mail goes to {', '.join(sorted(hosts))}.")


def spf(domain: str, texts: Sequence[str]) -> Finding:
    """Whether the domain says who may send for it (RFC 7208)."""
    what = f"SPF of {domain}"
    found = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        wanted = f'Wanted: a TXT record at {domain}, "v=spf1 include:<your mail relay> -all".'
        return Finding(Mark.WRONG, what, f"There is none. {wanted}")
    if len(found) > 1:
        return Finding(Mark.WRONG, what, "There are several: receivers then heed none. Keep one.")
    terms = found[0].split()[1:]
    if sum(bool(ASKS.fullmatch(term)) for term in terms) > MOST_LOOKUPS:
        return Finding(Mark.WRONG, what, "It asks for more than ten look-ups: receivers give up.")
    last = terms[-1].lower() if terms else ""
    if last in {"all", "+all"}:
        return Finding(Mark.WRONG, what, "It lets everybody send. End it with -all or ~all.")
    if last not in {"-all", "~all"} and not last.startswith("redirect="):
        return Finding(Mark.NOTE, what, "It does not say what of others: end it with -all or ~all.")
    return Finding(Mark.FINE, what, "It says who may send.")


def dkim(domain: str, selector: str, texts: Sequence[str]) -> Finding:
    """Whether the key that the relay signs with can be found (RFC 6376)."""
    what = f"DKIM of {selector}._domainkey.{domain}"
    tags = next((_tags(text) for text in texts if "p" in _tags(text)), None)
    if tags is None:
        wanted = 'Wanted: the TXT record that your mail relay shows, "v=DKIM1; k=rsa; p=…".'
        return Finding(Mark.WRONG, what, f"There is no key. {wanted}")
    key = "".join(tags["p"].split())
    if not key:
        return Finding(Mark.WRONG, what, "The key was taken back (p= is empty).")
    try:
        base64.b64decode(key, validate=True)
    except binascii.Error:
        return Finding(Mark.WRONG, what, "The key is damaged: it is no base64.")
    if tags.get("k", "rsa") == "rsa" and len(key) < SHORTEST_KEY:
        return Finding(Mark.WRONG, what, "The key is too short: 2048 bits are usual today.")
    if "y" in tags.get("t", "").split(":"):
        return Finding(Mark.NOTE, what, "The key says that it is only being tried out (t=y).")
    return Finding(Mark.FINE, what, "There is a key.")


def dmarc(domain: str, texts: Sequence[str]) -> Finding:
    """Whether the domain says what to do with letters that are not from it (RFC 7489)."""
    what = f"DMARC of {domain}"
    found = [tags for text in texts if (tags := _tags(text)).get("v", "").upper() == "DMARC1"]
    if len(found) != 1:
        words = "There are several: keep one." if found else "There is none."
        wanted = f'Wanted: a TXT record at _dmarc.{domain}, "v=DMARC1; p=quarantine; rua=mailto:…".'
        return Finding(Mark.WRONG, what, f"{words} {wanted}")
    policy = found[0].get("p", "").lower()
    if policy not in {"none", "quarantine", "reject"}:
        return Finding(Mark.WRONG, what, "It has no policy: p=none, p=quarantine or p=reject.")
    if policy == "none":
        return Finding(Mark.NOTE, what, "It only watches (p=none). Later, say p=quarantine.")
    if "rua" not in found[0]:
        return Finding(Mark.NOTE, what, "Nobody gets the reports: add rua=mailto:….")
    return Finding(Mark.FINE, what, f"Others are told to {policy} what is not ours.")


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
