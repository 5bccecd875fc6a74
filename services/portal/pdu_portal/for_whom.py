"""From where somebody asks the portal: told to the services, which count by it how often."""

from contextvars import ContextVar

from starlette.types import ASGIApp, Receive, Scope, Send

_along: ContextVar[str] = ContextVar("along", default="")


class ForWhom:
    """ASGI middleware that remembers the way a request has come while it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, knowing for whom."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = [
            value.decode("latin-1")
            for name, value in scope["headers"]
            if name == b"x-forwarded-for"
        ]
        # What was said is passed on as it is: a service believes only machines it trusts.
        near = [scope["client"][0]] if scope.get("client") else []
        before = _along.set(", ".join([*said, *near]))
        try:
            await self.app(scope, receive, send)
        finally:
            _along.reset(before)


def forwarded() -> dict[str, str]:
    """The header that says for whom a service is asked; none when nobody waits for the answer."""
    along = _along.get()
    return {"X-Forwarded-For": along} if along else {}
