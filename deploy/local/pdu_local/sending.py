"""Records on their way to the services that take them: again and again until they are answered."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

import httpx

from pdu_local.failure import UNAVAILABLE, Failure
from pdu_local.records import Complaint, Line, Records, parts_of
from pdu_shared.identity import uuid7
from pdu_shared.importing import NDJSON

AT_ONCE = 3
"""Requests for one file at a time: while one is written to the disk the next is read."""
PATIENCE = 120.0
"""Seconds without an answer, or without progress, after which we give up."""
LONGEST_PAUSE = 5.0
AGAIN_ON = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Target:
    """Where services answer, and as whom we ask."""

    urls: Mapping[str, str]
    token: str

    def client(self, service: str) -> httpx.AsyncClient:
        """For one service."""
        return httpx.AsyncClient(
            base_url=self.urls[service],
            headers={"Authorization": f"Bearer {self.token}"},
            trust_env=False,
            timeout=httpx.Timeout(60, connect=5),
        )


@dataclass(slots=True)
class Sent:
    """What became of a file."""

    records: Records
    batch_id: UUID = field(default_factory=uuid7)
    rows: int = 0
    changed: int = 0
    messages: int = 0
    seconds: float = 0.0
    complaints: list[Complaint] = field(default_factory=list)


async def send(target: Target, records: Records, progress: Callable[[Sent], None]) -> Sent:
    """Send a file to its owner, and say that it was all. Raises Failure when that cannot be done.

    Repeating it is harmless: rows that are there already change nothing.
    """
    sent, started = Sent(records), monotonic()
    async with target.client(records.owner) as http:
        path = f"/imports/{records.name}"
        parts = parts_of(records, sent.complaints)

        async def work() -> None:
            for part in parts:
                body = _body(part)
                taken = await _ask(http, path, sent.batch_id, body)
                _note(sent, part, taken)
                progress(sent)

        # The iterator is shared: each worker takes the next part when it is free.
        await _all_of([work() for _ in range(AT_ONCE)])
        completed = await _ask(http, f"{path}/completion", sent.batch_id, b"")
    sent.messages = completed["messages"]
    sent.seconds = monotonic() - started
    return sent


async def until_journalled(
    target: Target, batches: Sequence[Sent], progress: Callable[[int, int], None]
) -> None:
    """Return when reporting has written down every message of these batches."""
    expected = sum(sent.messages for sent in batches)
    last, moved = -1, monotonic()
    async with target.client("reporting") as http:
        while True:
            told = [await _told(http, f"/imports/{sent.batch_id}") for sent in batches]
            journalled = sum(one.get("journalled", 0) for one in told)
            progress(journalled, expected)
            if all(one.get("complete") for one in told):
                return
            if journalled > last:
                last, moved = journalled, monotonic()
            if monotonic() - moved > PATIENCE:
                raise Failure(
                    f"Reporting has written down {journalled} of {expected} messages, and stopped.",
                    "The records are taken. See what is wrong: ./pdu status",
                    code=UNAVAILABLE,
                )
            await asyncio.sleep(0.3)


async def _all_of(work: Sequence[Any]) -> None:
    async with asyncio.TaskGroup() as group:
        for one in work:
            group.create_task(one)


def _body(part: Sequence[Line]) -> bytes:
    return "\n".join(json.dumps(line.columns) for line in part).encode()


def _note(sent: Sent, part: Sequence[Line], taken: Mapping[str, Any]) -> None:
    sent.rows += taken["rows"]
    sent.changed += taken["changed"]
    for problem in taken["problems"]:
        sent.complaints.append(
            Complaint(
                sent.records.path.name,
                part[problem["line"] - 1].number,
                problem["pointer"].removeprefix("/"),
                problem["code"],
                problem["detail"],
            )
        )


async def _ask(http: httpx.AsyncClient, path: str, batch_id: UUID, body: bytes) -> dict[str, Any]:
    """The answer, once there is one."""
    headers = {"Content-Type": NDJSON} if body else {}
    given_up = monotonic() + PATIENCE
    for pause in _pauses():
        try:
            answer = await http.post(
                path, params={"batch_id": str(batch_id)}, content=body, headers=headers
            )
        except httpx.TransportError as trouble:
            refusal = type(trouble).__name__
        else:
            if answer.status_code not in AGAIN_ON:
                return _accepted(answer)
            refusal = str(answer.status_code)
        if monotonic() > given_up:
            break
        await asyncio.sleep(pause)
    raise Failure(
        f"{http.base_url} does not take records: {refusal}.",
        "See what is wrong (./pdu status), then import again: nothing is doubled.",
        code=UNAVAILABLE,
    )


async def _told(http: httpx.AsyncClient, path: str) -> dict[str, Any]:
    try:
        answer = await http.get(path)
    except httpx.TransportError:
        return {}
    if answer.status_code == httpx.codes.NOT_FOUND or answer.status_code in AGAIN_ON:
        return {}
    return _accepted(answer)


def _accepted(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        path = answer.request.url.path
        raise Failure(f"{path} was answered with {answer.status_code}.", answer.text[:300])
    found: dict[str, Any] = answer.json()
    return found


def _pauses() -> Iterator[float]:
    pause = 0.2
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_PAUSE)
