"""The door of a service: what a request may look like before any route sees it."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

import structlog
from starlette.requests import ClientDisconnect
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pdu_shared import problems, strict_json
from pdu_shared.identity import uuid7
from pdu_shared.problems import Fault, Problem
from pdu_shared.telemetry import CORRELATION_ID

KIB = 1024
LONGEST_ADDRESS = 8 * KIB
LARGEST_HEADERS = 16 * KIB
LARGEST_BODY = 64 * KIB
SECONDS_FOR_BODY = 10
JSON = "application/json"
REQUEST_ID = "pdu.request_id"
BODY, VALUE = "pdu.body", "pdu.json"
ABSENT = object()
SAFE = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
NO_STORE = (b"cache-control", b"no-store")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bodies:
    """What a request may carry: the media types, and how many bytes."""

    takes: frozenset[str] = frozenset({JSON})
    largest: int = LARGEST_BODY
    streamed: bool = False
    """Whether the route reads it piece by piece: it may be far larger than memory."""


class Guard:
    """ASGI middleware: limits, media types, strict JSON, the request id and safe headers.

    `takes` are the media types of bodies, `gives` those of answers; `uploads` are the paths of
    routes, such as `/sessions/{session_id}/report`, that take something else. The body is read
    here, at most `largest_body` bytes of it, and handed on whole, unless its route reads it piece
    by piece; whatever escapes the app is answered with 500.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        takes: Iterable[str] = (JSON,),
        gives: Iterable[str] = (JSON,),
        largest_body: int = LARGEST_BODY,
        uploads: Mapping[str, Bodies] = MappingProxyType({}),
    ) -> None:
        self.app = app
        self.bodies = Bodies(frozenset(takes), largest_body)
        self.gives = tuple(gives)
        self.uploads = [(compile_path(path)[0], bodies) for path, bodies in uploads.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, or answer why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        fields = dict(scope["headers"])
        scope[REQUEST_ID] = request_id = _request_id(fields.get(b"x-request-id"))
        work = CORRELATION_ID.set(request_id)
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = message["headers"] = [*message.get("headers", ()), *SAFE]
                headers.append((b"x-request-id", request_id.encode()))
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(NO_STORE)
            await send(message)

        try:
            _check_head(scope, self.gives, fields.get(b"accept"))
            if _has_body(fields):
                receive = await _checked_body(self._bodies(scope["path"]), fields, scope, receive)
            await self.app(scope, receive, answer)
        except ClientDisconnect:
            return  # nobody is left to be answered, and nothing was begun
        except Problem as problem:
            await problem.answer(request_id)(scope, receive, answer)
        except Exception:
            log.exception("defect", request_id=request_id)
            if started:
                raise  # half an answer is out: only closing the connection tells the caller
            await Problem().answer(request_id)(scope, receive, answer)
        finally:
            CORRELATION_ID.reset(work)

    def _bodies(self, path: str) -> Bodies:
        return next(
            (bodies for route, bodies in self.uploads if route.match(path)),
            self.bodies,
        )


def request_id_of(scope: Scope) -> str:
    """The id of the request that this scope belongs to; a new one when no guard has seen it."""
    return str(scope.get(REQUEST_ID) or uuid7())


def body_of(scope: Scope) -> bytes:
    """The body that the guard has read; empty when there was none."""
    body: bytes = scope.get(BODY, b"")
    return body


def json_of(scope: Scope) -> object:
    """What that body says as JSON; ABSENT when there was none."""
    return scope.get(VALUE, ABSENT)


def _request_id(given: bytes | None) -> str:
    if given is not None:
        try:
            return str(UUID(given.decode("ascii")))
        except ValueError:
            pass  # a stranger's idea of an id: ours is as good
    return str(uuid7())


def _check_head(scope: Scope, gives: tuple[str, ...], accept: bytes | None) -> None:
    query = scope["query_string"]
    if len(scope.get("raw_path") or scope["path"]) + len(query) > LONGEST_ADDRESS:
        raise problems.AddressTooLong
    if sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > LARGEST_HEADERS:
        raise problems.HeadersTooLarge
    if "\0" in scope["path"]:
        raise problems.NotFound
    if b"%00" in query or b"\0" in query:
        raise problems.Refused(errors=[Fault("/query", "control_character")])
    if accept is not None and not _acceptable(accept, gives):
        raise problems.NotAcceptable


@lru_cache(maxsize=256)
def _acceptable(accept: bytes, gives: tuple[str, ...]) -> bool:
    ranges = [_weighed(part) for part in accept.decode("latin-1").split(",") if part.strip()]
    return not ranges or any(_weight(form, ranges) > 0 for form in gives)


def _weighed(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, float(parameter[2:])
            except ValueError:
                return name, 1.0
    return name, 1.0


def _weight(form: str, ranges: list[tuple[str, float]]) -> float:
    # The most specific range decides (RFC 9110 §12.5.1).
    for wanted in (form, form.partition("/")[0] + "/*", "*/*"):
        found = [weight for name, weight in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0


@lru_cache(maxsize=256)
def _media_type(content_type: bytes) -> str | None:
    name, *parameters = (part.strip() for part in content_type.decode("latin-1").lower().split(";"))
    charset = [part[8:].strip('"') for part in parameters if part.startswith("charset=")]
    return name if charset in ([], ["utf-8"], ["utf8"]) else None


async def _checked_body(
    bodies: Bodies, fields: dict[bytes, bytes], scope: Scope, receive: Receive
) -> Receive:
    if int(fields.get(b"content-length", b"0")) > bodies.largest:
        raise problems.TooLarge
    if bodies.streamed:
        _check_media_type(bodies, fields)
        return _counted(receive, bodies.largest)
    scope[BODY] = body = await _read(receive, bodies.largest)
    if body and _check_media_type(bodies, fields) == JSON:
        scope[VALUE] = _value_of(body)
    return _replay(body, receive)


def _has_body(fields: Mapping[bytes, bytes]) -> bool:
    return b"transfer-encoding" in fields or fields.get(b"content-length", b"0") != b"0"


def _check_media_type(bodies: Bodies, fields: dict[bytes, bytes]) -> str | None:
    media_type = _media_type(fields.get(b"content-type", b""))
    if media_type not in bodies.takes:
        raise problems.UnsupportedMediaType(f"It takes {' or '.join(sorted(bodies.takes))}.")
    return media_type


def _counted(receive: Receive, largest: int) -> Receive:
    """The body as it comes: each piece in time, and not more than so much of it."""
    came = 0

    async def piece() -> Message:
        nonlocal came
        if came < 0:  # it has come: whoever listens on waits for the caller to go
            return await receive()
        try:
            async with asyncio.timeout(SECONDS_FOR_BODY):
                message = await receive()
        except TimeoutError:
            raise problems.TooSlow from None
        came += len(message.get("body", b""))
        if came > largest:
            raise problems.TooLarge
        if not message.get("more_body", False):
            came = -1
        return message

    return piece


async def _read(receive: Receive, largest: int) -> bytes:
    body = bytearray()
    more = True
    try:
        async with asyncio.timeout(SECONDS_FOR_BODY):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                body += message.get("body", b"")
                if len(body) > largest:
                    raise problems.TooLarge
                more = message.get("more_body", False)
    except TimeoutError:
        raise problems.TooSlow from None
    return bytes(body)


def _value_of(body: bytes) -> object:
    try:
        return strict_json.loads(body)
    except strict_json.NotText as error:
        raise problems.Refused(errors=[Fault("", "lone_surrogate", str(error))]) from None
    except ValueError as error:
        raise problems.Malformed(str(error)) from None


def _replay(body: bytes, receive: Receive) -> Receive:
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
