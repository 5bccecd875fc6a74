"""The four services as the portal meets them: over their public HTTP, and never for long."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import httpx
import structlog
from pydantic import BaseModel, SecretStr, ValidationError

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


class Refused(Exception):
    """The service said no, and why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.title)
        self.refusal = refusal


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

    async def read(self, path: str, shape: type[Shape]) -> Shape:
        """What stands at the path; raises Away, NotThere or Refused."""
        response = await self._ask("GET", path, seconds=READ_SECONDS)
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

    async def put(self, path: str, body: Mapping[str, object], *, shape: type[Shape]) -> Shape:
        """The answer to a change that may be asked for again: twice is once."""
        response = await self._ask("PUT", path, seconds=WRITE_SECONDS, body=body)
        return _shaped(response, shape)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        seconds: float,
        body: Mapping[str, object] | None = None,
        key: str = "",
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            # httpx limits each read; a server that drips must not hold the page either.
            async with asyncio.timeout(seconds):
                response = await self.client.request(
                    method, self.address + path, json=body, headers=headers
                )
        except GONE as reason:
            raise Away(self.name) from reason
        if response.is_success:
            return response
        if response.status_code == httpx.codes.NOT_FOUND:
            raise NotThere(self.name)
        if response.status_code >= BUGS_BEGIN_AT or response.is_redirect:
            raise Away(self.name)
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
        return shape.model_validate_json(response.content)
    except ValidationError as reason:
        raise Away(shape.__name__) from reason


def _refusal(response: httpx.Response) -> Refusal:
    try:
        refusal = Refusal.model_validate(json.loads(response.content))
    except (ValueError, ValidationError):
        refusal = Refusal()
    return refusal.model_copy(update={"status": response.status_code})
