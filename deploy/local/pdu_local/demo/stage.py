"""Where the demonstration is played: the services' doors, who knocks, and on which day."""

import asyncio
import json
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from pdu_local.demo.ledger import Answer, Ledger
from pdu_local.failure import UNAVAILABLE, Failure

PATIENCE = 60.0
"""Seconds until a service has heard from another what a step depends on."""
PAUSE = 0.25
NOT_YET = frozenset({404, 409, 422})
AWAY = frozenset({429, 502, 503, 504})
AT_ONCE = 6
SAID = files("pdu_local.demo") / "said"

Headers = dict[str, str]


@dataclass(slots=True)
class Stage:
    """Does each step once, and remembers what came of it."""

    doors: Mapping[str, httpx.AsyncClient]
    bearer: Callable[[str], Awaitable[Headers]]
    """The headers of somebody, by their key in people.toml."""
    ledger: Ledger
    progress: Callable[[str], None]
    patience: float = PATIENCE
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def day(self, days: int) -> date:
        """So many days from the first one."""
        return self.ledger.first_day + timedelta(days=days)

    def weekday(self, weeks: int, weekday: int) -> date:
        """Monday is 0, and no week is this one."""
        monday = self.ledger.first_day - timedelta(days=self.ledger.first_day.weekday())
        return monday + timedelta(weeks=weeks, days=weekday)

    async def do(  # noqa: PLR0913 - a step has this many sides
        self,
        key: str,
        where: str,
        body: Any = None,  # noqa: ANN401 - whatever the route takes
        *,
        by: str | None = None,
        seen: int | str | None = None,
        content: bytes | None = None,
        media_type: str = "application/octet-stream",
        patiently: bool = False,
    ) -> Answer:
        """Do a step such as `POST resources /impacts`, unless it is done; what came of it.

        `patiently` tries again while another service may not have heard yet of what this needs.
        Raises Failure for a refusal.
        """
        if key in self.ledger:
            return self.ledger[key]
        method, service, path = where.split(" ", 2)
        headers = await self.bearer(by) if by else {}
        if method == "POST":
            # The same step of the same demonstration has the same key whenever it is sent.
            headers["Idempotency-Key"] = f"demo.{self.ledger.first_day}.{key.replace(' ', '-')}"
        if seen is not None:
            headers["If-Match"] = seen if isinstance(seen, str) else f'"{seen}"'
        if content is not None:
            headers["Content-Type"] = media_type
        sent = {"headers": headers, "json": body, "content": content}
        again = AWAY | NOT_YET if patiently else AWAY
        given_up = monotonic() + self.patience
        while True:
            answer = await self._send(service, method, path, sent)
            if answer is not None and answer.is_success:
                self.progress(f"The demonstration is played: {len(self.ledger)} of its steps …")
                return self.ledger.note(key, _said(answer))
            if answer is not None and answer.status_code not in again:
                raise _refusal(key, where, answer)
            if monotonic() > given_up:
                raise _refusal(key, where, answer)
            await asyncio.sleep(PAUSE)

    async def say(self, where: str, body: object = None, *, by: str | None = None) -> Answer:
        """Ask for something that is not remembered: it is done again by whoever goes on."""
        method, service, path = where.split(" ", 2)
        headers = await self.bearer(by) if by else {}
        given_up = monotonic() + self.patience
        while True:
            answer = await self._send(service, method, path, {"headers": headers, "json": body})
            if answer is not None and answer.is_success:
                return _said(answer)
            refused = answer is not None and answer.status_code not in AWAY
            if refused or monotonic() > given_up:
                raise _refusal("asked", where, answer)
            await asyncio.sleep(PAUSE)

    async def read(self, service: str, path: str, *, by: str | None = None, **query: str) -> Answer:
        """What is there to read."""
        headers = await self.bearer(by) if by else {}
        answer = await self.doors[service].get(path, params=query or None, headers=headers)
        if answer.is_error:
            raise _refusal("read", f"GET {service} {path}", answer)
        return _said(answer)

    async def _send(
        self, service: str, method: str, path: str, sent: Mapping[str, Any]
    ) -> httpx.Response | None:
        async with self._turn:
            with suppress(httpx.TransportError):
                return await self.doors[service].request(method, path, **sent)
        return None


def said(name: str) -> dict[str, Any]:
    """What a file of `said/` holds."""
    return tomllib.loads((SAID / f"{name}.toml").read_text("utf-8"))


def at(day: date, hour: str) -> str:
    """That hour on that day, by the clock on the wall."""
    return datetime.combine(day, time.fromisoformat(hour)).isoformat(timespec="minutes")


def clock() -> datetime:
    """What a clock on a wall in Nottingham shows."""
    return datetime.now(ZoneInfo("Europe/London")).replace(tzinfo=None)


def _said(answer: httpx.Response) -> Answer:
    kept: Answer = {}
    if answer.content and "json" in answer.headers.get("content-type", ""):
        found = answer.json()
        kept = found if isinstance(found, dict) else {"items": found}
    if etag := answer.headers.get("etag"):
        kept["etag"] = etag
    return kept


def _refusal(key: str, where: str, answer: httpx.Response | None) -> Failure:
    if answer is None:
        return Failure(f"{where} does not answer.", "See: ./pdu status", code=UNAVAILABLE)
    with suppress(ValueError):
        told = answer.json()
        wrong = told.get("errors") or told.get("detail") or told.get("title")
        return Failure(
            f"{where} was answered with {answer.status_code} ({key}).", json.dumps(wrong)[:600]
        )
    return Failure(f"{where} was answered with {answer.status_code} ({key}).", answer.text[:300])
