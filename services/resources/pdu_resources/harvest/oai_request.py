"""What a harvester asks, in the words of OAI-PMH 2.0, and where a long answer goes on."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from urllib.parse import parse_qsl

from fastapi import Request

from pdu_resources.harvest.records import Selection
from pdu_shared.guard import body_of

STAMP = "%Y-%m-%dT%H:%M:%SZ"
MAY = {
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), {"resumptionToken"}),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"}),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"}),
}
"""What each verb needs and may have (OAI-PMH 2.0, §4)."""

Asked: TypeAlias = Mapping[str, str]


class OaiError(Exception):
    """What is wrong with a request, in the words of the protocol (§3.6)."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class Place:
    """Where this library is, and how its items are called in the world."""

    def __init__(self, portal_url: str) -> None:
        self.url = portal_url.rstrip("/")
        self.host = self.url.partition("://")[2].partition(":")[0]

    def identifier(self, item_key: str) -> str:
        """`oai:hub.example.org:first-visit`."""
        return f"oai:{self.host}:{item_key}"

    def key(self, identifier: str) -> str | None:
        """The item that is called so; None when it is none of ours."""
        begin = f"oai:{self.host}:"
        return identifier.removeprefix(begin) if identifier.startswith(begin) else None

    def page(self, item_key: str) -> str:
        """Where people read about it."""
        return f"{self.url}/items/{item_key}"


def said_in(request: Request) -> list[tuple[str, str]]:
    """What a request says: in its address, or, when it is posted, as a form (§3.1.1)."""
    if request.method != "POST":
        return request.query_params.multi_items()
    text = body_of(request.scope).decode("utf-8", "replace")
    return parse_qsl(text, keep_blank_values=True)


def asked_of(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What is asked, if the protocol allows it. Raises OaiError."""
    asked = dict(pairs)
    verb = asked.get("verb", "")
    if verb not in MAY or [name for name, _ in pairs].count("verb") > 1:
        raise OaiError("badVerb", "There is one verb, and it is one of OAI-PMH 2.0.")
    needs, may = MAY[verb]
    said = set(asked) - {"verb"}
    if len(asked) != len(pairs) or said - needs - may:
        raise OaiError("badArgument", "Something is said twice, or is not known for this verb.")
    if "resumptionToken" in said:
        if said != {"resumptionToken"}:
            raise OaiError("badArgument", "A resumptionToken stands alone.")
    elif needs - said:
        raise OaiError("badArgument", f"Say {', '.join(sorted(needs - said))}.")
    elif asked.get("metadataPrefix", "oai_dc") != "oai_dc":
        raise OaiError("cannotDisseminateFormat", "There is oai_dc.")
    return asked


def selection_of(asked: Asked) -> Selection:
    """Which items a list begins with. Raises OaiError."""
    kind, _, name = asked.get("set", "").partition(":")
    if "set" in asked and kind not in {"type", "workstream"}:
        raise OaiError("noRecordsMatch", "There is no such set.")
    since = _moment(asked.get("from"))
    until = _moment(asked.get("until"), last=True)
    same = len(asked.get("from", "")) == len(asked.get("until", ""))
    if since and until and (not same or since > until):
        raise OaiError("badArgument", "`from` comes before `until`, and both are written alike.")
    return Selection(
        since,
        until,
        type=name if kind == "type" else None,
        workstream=name if kind == "workstream" else None,
    )


def _moment(text: str | None, *, last: bool = False) -> datetime | None:
    """A day or a second; of `until` the whole of it."""
    if text is None:
        return None
    for form, length in ((STAMP, timedelta(seconds=1)), ("%Y-%m-%d", timedelta(days=1))):
        try:
            begins = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        try:
            return begins + length - timedelta(microseconds=1) if last else begins
        except OverflowError:
            break
    raise OaiError("badArgument", "Dates are written 2026-11-22 or 2026-11-22T10:00:00Z.")


def token_of(chosen: Selection) -> str:
    """Where to go on. It is told to whoever asks, so it holds no secret, and needs no store."""
    told = [
        chosen.since and chosen.since.isoformat(),
        chosen.until and chosen.until.isoformat(),
        chosen.type,
        chosen.workstream,
        chosen.after_time and chosen.after_time.isoformat(),
        chosen.after_key,
    ]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


def resumed(token: str) -> Selection:
    """What a token of ours says. Raises OaiError for any other."""
    try:
        given = json.loads(base64.urlsafe_b64decode(token))
        since, until, kind, workstream, after_time, after_key = given
        return Selection(
            _aware(since),
            _aware(until),
            _word(kind),
            _word(workstream),
            _aware(after_time),
            _word(after_key),
        )
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise OaiError("badResumptionToken", "This is no token of ours.") from None


def _word(text: object) -> str | None:
    if text is None or (isinstance(text, str) and text.isprintable()):
        return text
    raise ValueError


def _aware(text: str | None) -> datetime | None:
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError
    return at
