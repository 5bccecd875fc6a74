"""Hands letters to a provider with the interface of GOV.UK Notify.

It can be asked by our reference what it took over, so that no doubt stays. Calendar files do not
travel: the provider takes text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey

from pdu_shared.handover import (
    Accepted,
    Bounced,
    Deferred,
    InDoubt,
    Mark,
    Outcome,
    Rejected,
    only_recipient,
)
from pdu_shared.mail import REFERENCE_HEADER
from pdu_shared.settings import BadSettings

if TYPE_CHECKING:
    import httpx

API_KEY = re.compile(r".*?([0-9a-f-]{36})-([0-9a-f-]{36})", re.IGNORECASE)
SECONDS = 20.0
LOCAL = {"localhost", "127.0.0.1", "::1"}
CREATED, BAD, DENIED, TOO_MANY = 201, 400, 403, 429
ABOUT_THE_ADDRESS = ("email_address", "phone_number", "address_line", "postcode")
FAILURES = ("permanent-failure", "temporary-failure", "technical-failure")


@dataclass(frozen=True, slots=True)
class Fate:
    """What the provider says of a letter that it could not deliver."""

    provider_id: str
    reference: str
    status: str


class Provider:
    """A provider by its address and our API key: what is asked of it, and its answers."""

    def __init__(self, url: str, api_key: str, variable: str = "PDU_MAIL_URL") -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in LOCAL:
            raise BadSettings(f"{variable}: the provider is reached by https://.")
        found = API_KEY.fullmatch(api_key)
        if not found:
            raise BadSettings("PDU_NOTIFY_API_KEY_FILE holds no key as the provider gives them.")
        self._url = url.rstrip("/")
        self._service, secret = found.groups()
        self._secret = OctKey.import_key(secret.encode())
        self._client: httpx.AsyncClient | None = None

    async def hand_over(self, kind: str, asked: Mapping[str, Any]) -> Outcome:
        """Hand something over: `email`, `sms` or `letter`."""
        import httpx  # noqa: PLC0415 - as heavy as the rest of the kernel

        try:
            answer = await self._http().post(
                f"{self._url}/v2/notifications/{kind}", json=asked, headers=self._proof()
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return Deferred()
        except httpx.HTTPError:
            return InDoubt()
        return _outcome(answer)

    async def found(self, **asked: Any) -> list[dict[str, Any]] | None:  # noqa: ANN401 - a query
        """What it knows of what we handed over; None when it does not answer."""
        import httpx  # noqa: PLC0415

        try:
            answer = await self._http().get(
                f"{self._url}/v2/notifications", params=asked, headers=self._proof()
            )
            if answer.status_code != httpx.codes.OK:
                return None
            return list(answer.json()["notifications"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return None

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _http(self) -> "httpx.AsyncClient":
        import httpx  # noqa: PLC0415

        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=SECONDS, trust_env=False, follow_redirects=False
            )
        return self._client

    def _proof(self) -> dict[str, str]:
        claims = {"iss": self._service, "iat": int(datetime.now(UTC).timestamp())}
        return {"Authorization": f"Bearer {jwt.encode({'alg': 'HS256'}, claims, self._secret)}"}


class Notify:
    """Letters through a provider, by the template that it has for them.

    The template has `((subject))` as its subject and `((body))` as its text.
    """

    tells = True

    def __init__(self, url: str, api_key: str, template: str) -> None:
        self._provider = Provider(url, api_key)
        self._template = template

    async def send(
        self, message: EmailMessage, *, envelope_sender: str, before_data: Mark
    ) -> Outcome:
        """Hand the text of the message over."""
        del envelope_sender  # the provider writes its own
        asked = _asked(message, self._template)
        await before_data()
        return await self._provider.hand_over("email", asked)

    async def has_gone(self, message: EmailMessage) -> bool | None:
        """Ask the provider for our reference; None when it does not answer."""
        found = await self._provider.found(reference=reference_of(message))
        return None if found is None else bool(found)

    async def undelivered(self, *, older_than: str | None = None) -> list[Fate]:
        """A page of what it could not deliver, newest first; none when it does not answer."""
        asked: dict[str, Any] = {"template_type": "email", "status": FAILURES}
        if older_than:
            asked["older_than"] = older_than
        found = await self._provider.found(**asked) or []
        try:
            return [Fate(one["id"], one["reference"] or "", one["status"]) for one in found]
        except (KeyError, TypeError):
            return []

    async def close(self) -> None:
        """Close the connections."""
        await self._provider.close()


def reference_of(message: EmailMessage) -> str:
    """The word by which we and the provider know a letter."""
    return str(message[REFERENCE_HEADER] or message["Message-ID"].strip("<>").partition("@")[0])


def _asked(message: EmailMessage, template: str) -> dict[str, Any]:
    text = message.get_body(("plain",))
    asked: dict[str, Any] = {
        "email_address": only_recipient(message),
        "template_id": template,
        "personalisation": {
            "subject": str(message["Subject"]),
            "body": text.get_content() if text else "",
        },
        "reference": reference_of(message),
    }
    if link := message["List-Unsubscribe"]:
        asked["one_click_unsubscribe_url"] = str(link).strip("<>")
    return asked


def _outcome(answer: "httpx.Response") -> Outcome:
    code = answer.status_code
    if code == CREATED:
        return Accepted()
    if code == BAD:
        # What it says may repeat the address; only which field it is about is of use to us.
        about = answer.text[:2000]
        kind = Bounced if any(one in about for one in ABOUT_THE_ADDRESS) else Rejected
        return kind(code, f"provider_{code}")
    if code in {DENIED, TOO_MANY}:
        return Deferred(code, f"provider_{code}")
    # A failure on their side may come before or after the letter was taken: ask later.
    return InDoubt()
