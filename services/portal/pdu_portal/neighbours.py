"""The four services as the portal meets them: over their public HTTP, and never for long."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import httpx
import structlog
from pydantic import BaseModel, SecretStr, ValidationError

from pdu_portal.for_whom import forwarded
from pdu_portal.settings import Settings
from pdu_portal.shapes import Refusal

READ_SECONDS = 0.8
WRITE_SECONDS = 6.0
BUGS_BEGIN_AT = 500
NOT_LET_IN = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)

log = structlog.get_logger()

Shape = TypeVar("Shape", bound=BaseModel)


class Away(Exception):
    """The service did not answer in time, or not in a way the portal can read."""


class NotThere(Exception):
    """The service knows nothing of that name."""


class NotLetIn(Away):
    """The service does not believe the viewer's token, or this is not for them."""

    def __init__(self, service: str, *, known: bool) -> None:
        super().__init__(service)
        self.known = known


class Refused(Exception):
    """The service said no, and why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.title)
        self.refusal = refusal


FILES = frozenset({200, 206, 304, 416})
GONE = (TimeoutError, httpx.HTTPError, AttributeError)
"""Nobody answers. The last is anyio's: it asks who is at the other end of a socket that was closed
in the moment of connecting, and finds nothing."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One service at its address."""

    name: str
    client: httpx.AsyncClient
    address: str
    token: str | None = field(default=None, repr=False)
    asked_by_viewer: bool = False

    async def read(self, path: str, shape: type[Shape], *, seconds: float = READ_SECONDS) -> Shape:
        """What stands at the path; raises Away, NotThere or Refused."""
        response = await self._ask("GET", path, seconds=seconds)
        return _shaped(response, shape)

    async def text(self, path: str) -> str:
        """The bare words at the path, such as metrics; raises Away, NotThere or Refused."""
        return (await self._ask("GET", path, seconds=READ_SECONDS)).text

    async def send(
        self, path: str, body: Mapping[str, object], *, key: str, shape: type[Shape]
    ) -> Shape:
        """The answer to a change asked for once, however often it is sent with the same key."""
        response = await self._ask("POST", path, seconds=WRITE_SECONDS, body=body, key=key)
        return _shaped(response, shape)

    async def put(
        self, path: str, body: Mapping[str, object], *, shape: type[Shape], tag: str = ""
    ) -> Shape:
        """The answer to a change that may be asked for again: twice is once.

        With a tag only if nobody else changed it since (412).
        """
        response = await self._ask("PUT", path, seconds=WRITE_SECONDS, body=body, tag=tag)
        return _shaped(response, shape)

    async def patch(
        self, path: str, body: Mapping[str, object], *, shape: type[Shape], tag: str
    ) -> Shape:
        """The answer to a change of some of it, if nobody else changed it since."""
        response = await self._ask("PATCH", path, seconds=WRITE_SECONDS, body=body, tag=tag)
        return _shaped(response, shape)

    async def delete(self, path: str) -> None:
        """Take away what stands at the path; twice is once."""
        await self._ask("DELETE", path, seconds=WRITE_SECONDS)

    async def tagged(self, path: str, shape: type[Shape]) -> tuple[Shape, str]:
        """What stands at the path, and the tag with which it may be changed."""
        response = await self._ask("GET", path, seconds=READ_SECONDS)
        return _shaped(response, shape), response.headers.get("etag", "")

    async def opened(self, path: str, said: Mapping[str, str]) -> httpx.Response:
        """A file at the path, not read yet: whoever takes it closes it. The headers are `said`.

        Raises Away, NotThere or Refused.
        """
        headers = {**self._who(), **said}
        wanted = self.client.build_request("GET", self.address + path, headers=headers)
        try:
            response = await self.client.send(wanted, stream=True)
        except GONE as reason:
            raise Away(self.name) from reason
        if response.status_code not in FILES:
            await response.aread()
            await response.aclose()
            self._check(response)
        return response

    async def form(self, path: str, said: Mapping[str, str], *, shape: type[Shape]) -> Shape:
        """The answer to a form as OAuth has it; raises Away, NotThere or Refused."""
        response = await self._ask("POST", path, seconds=WRITE_SECONDS, form=said)
        return _shaped(response, shape)

    async def _ask(  # noqa: PLR0913 - what a request consists of
        self,
        method: str,
        path: str,
        *,
        seconds: float,
        body: Mapping[str, object] | None = None,
        form: Mapping[str, str] | None = None,
        key: str = "",
        tag: str = "",
    ) -> httpx.Response:
        if not (tag.isascii() and tag.isprintable()):
            # No service gave such a tag: whoever sends it has seen no version.
            raise Refused(Refusal(status=httpx.codes.PRECONDITION_FAILED))
        once = {"Idempotency-Key": key} if key else {}
        headers = self._who() | once | ({"If-Match": tag} if tag else {})
        try:
            # httpx limits each read; a server that drips must not hold the page either.
            async with asyncio.timeout(seconds):
                response = await self.client.request(
                    method, self.address + path, json=body, data=form, headers=headers
                )
        except GONE as reason:
            raise Away(self.name) from reason
        self._check(response)
        return response

    def _who(self) -> dict[str, str]:
        known = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return forwarded() | known

    def _check(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        if response.status_code == httpx.codes.NOT_FOUND:
            raise NotThere(self.name)
        if response.status_code >= BUGS_BEGIN_AT or response.is_redirect:
            raise Away(self.name) from Refused(_refusal(response))
        if response.status_code in NOT_LET_IN and self.asked_by_viewer:
            raise NotLetIn(self.name, known=response.status_code == httpx.codes.FORBIDDEN)
        if response.status_code in NOT_LET_IN:
            log.warning("not let in", service=self.name, status=response.status_code)
            raise Away(self.name)
        raise Refused(_refusal(response))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """All four, by name."""

    bookings: Neighbour
    resources: Neighbour
    notifications: Neighbour
    reporting: Neighbour

    def each(self) -> tuple[Neighbour, ...]:
        """The four in the order in which the board shows them."""
        return self.bookings, self.resources, self.notifications, self.reporting

    def asked_by(self, token: str) -> "Neighbours":
        """The same services, asked by whoever holds this token."""
        asked = (replace(one, token=token, asked_by_viewer=True) for one in self.each())
        return Neighbours(*asked)


def neighbours(settings: Settings, client: httpx.AsyncClient) -> Neighbours:
    """The services at the addresses the environment names."""

    def at(name: str, address: object, token: SecretStr | None = None) -> Neighbour:
        shown = token.get_secret_value() if token else None
        return Neighbour(name, client, str(address).rstrip("/"), shown)

    return Neighbours(
        bookings=at("bookings", settings.bookings_url),
        resources=at("resources", settings.resources_url),
        notifications=at("notifications", settings.notifications_url),
        reporting=at("reporting", settings.reporting_url, settings.reporting_token),
    )


def _shaped(response: httpx.Response, shape: type[Shape]) -> Shape:
    try:
        return shape.model_validate_json(response.content or b"{}")
    except ValidationError as reason:
        raise Away(shape.__name__) from reason


def _refusal(response: httpx.Response) -> Refusal:
    try:
        refusal = Refusal.model_validate(json.loads(response.content))
    except (ValueError, ValidationError):
        refusal = Refusal()
    return refusal.model_copy(update={"status": response.status_code})
