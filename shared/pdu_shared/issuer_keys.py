"""The issuer's own keys in one file: one signs, one is published to be next, old ones still verify.

Whoever verifies has known a key since the rotation before it signs anything, so a rotation under
load refuses nobody. `python -m pdu_shared.issuer_keys FILE` rotates a file, or makes it.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from pdu_shared.settings import BadSettings
from pdu_shared.tokens import LIFETIME, new_issuer_key, public_jwks
from pdu_shared.watched import UNREADABLE, Watched, in_words, put_in_place

SIGNS, NEXT, OLD = "signs", "next", "old"
KEPT_FOR = LIFETIME + timedelta(minutes=10)
"""So long an old key verifies: the life of a token, and clocks that are off."""
OTHERS_MAY = 0o077

Jwk: TypeAlias = Mapping[str, Any]


def first_keys(signs: Jwk | None = None) -> dict[str, Any]:
    """The keys of a new issuer, or of one that had this single key."""
    return {
        "keys": [
            {**(signs or new_issuer_key()), "state": SIGNS},
            {**new_issuer_key(), "state": NEXT},
        ]
    }


def rotated(
    document: Mapping[str, Any], now: datetime, *, kept_for: timedelta = KEPT_FOR
) -> dict[str, Any]:
    """The next key signs from now on, and one more is published to be next."""
    after: list[dict[str, Any]] = []
    for key in document["keys"]:
        match key["state"]:
            case "signs":
                after.append({**key, "state": OLD, "until": int((now + kept_for).timestamp())})
            case "next":
                after.insert(0, {**key, "state": SIGNS})
            case _ if key["until"] > now.timestamp():
                after.append(dict(key))
    return {"keys": [*after, {**new_issuer_key(), "state": NEXT}]}


def signing_key(document: Mapping[str, Any]) -> dict[str, Any]:
    """The one key that signs; ValueError when there is none, or no single one."""
    found = [key for key in document["keys"] if key["state"] == SIGNS]
    if len(found) != 1 or "d" not in found[0]:
        raise ValueError("no single private key that signs")
    return dict(found[0])


def published(document: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The public part of every key by which a token of ours may be verified now."""
    return public_jwks(
        *(key for key in document["keys"] if key["state"] != OLD or key["until"] > now.timestamp())
    )


class IssuerKeys:
    """The keys of PDU_ISSUER_KEYS_FILE, read again within seconds when they are rotated."""

    def __init__(self, path: Path, *, guarded: bool = False) -> None:
        if guarded and path.stat().st_mode & OTHERS_MAY:
            raise BadSettings(f"PDU_ISSUER_KEYS_FILE: others may read {path}; chmod it to 0600.")
        try:
            self._file = Watched(path, _checked)
        except UNREADABLE as error:
            told = f"PDU_ISSUER_KEYS_FILE: cannot use {path}: {in_words(error)}."
            raise BadSettings(told) from None

    def signing(self, now: datetime) -> dict[str, Any]:
        """The private key that signs what is issued now."""
        return signing_key(self._file.held(now))

    def published(self, now: datetime) -> dict[str, Any]:
        """The JWK set for everybody."""
        return published(self._file.held(now), now)


def rotate(path: Path, now: datetime, *, compromised: bool = False) -> dict[str, Any]:
    """Rotate the keys in this file, or make it. With `compromised` nothing signed before is good.

    ValueError (or another of UNREADABLE) when the file is there and holds something else.
    """
    if compromised or not path.exists():
        document = first_keys()
    else:
        document = rotated(_checked(path.read_text(encoding="utf-8")), now)
    put_in_place(path, json.dumps(document))
    return document


def _checked(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    signing_key(document)
    published(document, datetime.now(UTC))
    return document


def main(words: Sequence[str] | None = None) -> int:
    """Rotate as the command line says; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pdu_shared.issuer_keys")
    parser.add_argument("file", type=Path, help="what PDU_ISSUER_KEYS_FILE names")
    parser.add_argument(
        "--compromised", action="store_true", help="believe nothing that was signed before"
    )
    parser.add_argument("--publish", type=Path, help="also write the public keys into this file")
    asked = parser.parse_args(words)
    now = datetime.now(UTC)
    try:
        document = rotate(asked.file, now, compromised=asked.compromised)
        if asked.publish:
            put_in_place(asked.publish, json.dumps(published(document, now)))
    except UNREADABLE as error:
        sys.stderr.write(f"{asked.file}: {in_words(error)}.\n")
        return 1
    sys.stdout.write(f"Key {signing_key(document)['kid']} signs from now on.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
