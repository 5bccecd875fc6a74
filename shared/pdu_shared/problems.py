"""Errors that a caller can act on, each answered as problem details (RFC 9457)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: where (a JSON pointer), a stable code, and words."""

    pointer: str
    code: str
    detail: str | None = None

    def as_json(self) -> dict[str, str]:
        """The fault as a member of `errors`."""
        told = {"pointer": self.pointer, "code": self.code}
        return told if self.detail is None else {**told, "detail": self.detail}


class Problem(Exception):
    """What went wrong, in words that never hold the value that caused it."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "defect"
    title: ClassVar[str] = "Something went wrong on our side."

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)

    def also(self) -> Mapping[str, str]:
        """What else the answer says, where another standard wants it."""
        return {}

    def answer(self, request_id: str) -> Response:
        """The problem as an HTTP answer; `instance` is the id of the request."""
        body: dict[str, Any] = {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "instance": f"urn:uuid:{request_id}",
        }
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = [fault.as_json() for fault in self.errors]
        body |= self.also()
        content = json.dumps(body, ensure_ascii=True, separators=(",", ":"))
        return Response(content, self.status, self.headers, MEDIA_TYPE)


class Malformed(Problem):
    """The request cannot be read at all."""

    status, slug, title = 400, "malformed-json", "The request cannot be read."


class MissingKey(Problem):
    """A creating request came without a usable Idempotency-Key."""

    status, slug, title = 400, "idempotency-key", "Send an Idempotency-Key of 1 to 255 characters."


class Unauthenticated(Problem):
    """Nobody, or nobody we believe, is signed in; `reason` is a stable word such as `expired`."""

    status, slug, title = 401, "unauthenticated", "Sign in first."

    def __init__(self, detail: str | None = None, *, reason: str | None = None) -> None:
        told = f'Bearer error="invalid_token", error_description="{reason}"' if reason else "Bearer"
        super().__init__(detail, headers={"WWW-Authenticate": told})
        self.reason = reason


class Forbidden(Problem):
    """The caller is known, but neither role nor scope allows this."""

    status, slug, title = 403, "insufficient-scope", "Your role does not allow this."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'})


class NotFound(Problem):
    """There is no such thing, or none that the caller may know of."""

    status, slug, title = 404, "not-found", "There is nothing here."


class NotAllowed(Problem):
    """The thing exists, but not with this method."""

    status, slug, title = 405, "method-not-allowed", "This method is not offered here."


class NotAcceptable(Problem):
    """The caller accepts none of the forms that we can give."""

    status, slug, title = 406, "not-acceptable", "None of the accepted media types can be given."


class TooSlow(Problem):
    """The request did not arrive in time."""

    status, slug, title = 408, "too-slow", "The request took too long to arrive."


class Conflict(Problem):
    """The thing exists, but not in a state that allows this."""

    status, slug, title = 409, "conflict", "The present state does not allow this."


class PreconditionFailed(Problem):
    """The thing has changed since the caller read it."""

    status, slug, title = 412, "stale", "It has changed in the meantime: read it again."


class TooLarge(Problem):
    """The body is larger than we take."""

    status, slug, title = 413, "too-large", "The body is too large."


class AddressTooLong(Problem):
    """The path and query are longer than we take."""

    status, slug, title = 414, "address-too-long", "The address is too long."


class UnsupportedMediaType(Problem):
    """The body has a form that we do not read."""

    status, slug, title = 415, "unsupported-media-type", "This form of body is not read here."


class Refused(Problem):
    """The request can be read, but what it asks is not valid."""

    status, slug, title = 422, "validation", "Some of this is not valid."


class IdempotencyMismatch(Refused):
    """The key was used before, with another body."""

    slug, title = "idempotency-mismatch", "This Idempotency-Key belongs to another request."


class PreconditionRequired(Problem):
    """An edit came without If-Match."""

    status, slug, title = 428, "precondition-required", "Send If-Match with the ETag you read."


class TooMany(Problem):
    """The caller asks more often than is fair."""

    status, slug, title = 429, "too-many", "Too many requests: wait a little."

    def __init__(self, detail: str | None = None, *, retry_after: int = 60) -> None:
        super().__init__(detail, retry_after=retry_after)


class HeadersTooLarge(Problem):
    """The header fields are longer than we take."""

    status, slug, title = 431, "headers-too-large", "The header fields are too large."


class Unavailable(Problem):
    """What we need to answer is busy or down; nothing was changed."""

    status, slug, title = 503, "busy", "Busy at the moment: try again shortly."

    def __init__(self, detail: str | None = None, *, retry_after: int = 1) -> None:
        super().__init__(detail, retry_after=retry_after)
