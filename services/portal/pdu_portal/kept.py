"""Pages that are the same for everybody are made once a second, however many people look.

On the morning that the programme comes out everybody opens one page. Whoever has a cookie gets a
page of their own, and so does every form: its key is for one person.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGES = 256
"""So many are held; people ask for few different ones in a second."""
LONGEST = 256 * 1024
OK = 200

Key: TypeAlias = tuple[bytes, bytes, bool]


@dataclass(slots=True)
class _Page:
    made_at: float = 0.0
    messages: list[Message] = field(default_factory=list)


class Kept:
    """ASGI middleware that answers with the page made for somebody else a moment ago."""

    def __init__(self, app: ASGIApp, paths: Collection[str], *, seconds: float) -> None:
        """`paths` are those of pages without a form that holds a key, the same for everybody."""
        self._app = app
        self._paths = frozenset(path.rstrip("/") for path in paths) if seconds else frozenset()
        self._seconds = seconds
        self._pages: OrderedDict[Key, asyncio.Future[_Page | None]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with what is fresh; who comes while it is being made waits for it."""
        key = self._key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        page = await self._fresh(key)
        if page is None:
            await self._make(key, scope, receive, send)
            return
        for message in page.messages:
            await send(message)

    def _key(self, scope: Scope) -> Key | None:
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or scope["path"].rstrip("/") not in self._paths
        ):
            return None
        said = dict(scope["headers"])
        if b"cookie" in said or b"authorization" in said:
            return None
        return (
            scope["raw_path"],
            scope["query_string"],
            b"gzip" in said.get(b"accept-encoding", b""),
        )

    async def _fresh(self, key: Key) -> _Page | None:
        while (making := self._pages.get(key)) is not None:
            # Whoever hangs up does not take the page from the others who wait for it.
            page = await asyncio.shield(making)
            if page and monotonic() - page.made_at < self._seconds:
                return page
            if self._pages.get(key) is making:
                del self._pages[key]
        return None

    async def _make(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        making = asyncio.get_running_loop().create_future()
        self._pages[key] = making
        while len(self._pages) > PAGES:
            self._pages.popitem(last=False)
        page = _Page()

        async def keep(message: Message) -> None:
            page.messages.append(message)
            await send(message)

        try:
            await self._app(scope, receive, keep)
        finally:
            page.made_at = monotonic()
            making.set_result(page if _can_be_kept(page) else None)


def _can_be_kept(page: _Page) -> bool:
    if not page.messages or page.messages[0].get("status") != OK:
        return False
    whole = not page.messages[-1].get("more_body", False)
    headers = {name.lower() for name, _ in page.messages[0].get("headers", ())}
    length = sum(len(message.get("body", b"")) for message in page.messages[1:])
    return whole and b"set-cookie" not in headers and length <= LONGEST
