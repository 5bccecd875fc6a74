"""The newest messages, and how far each has come with every service that listens to it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from time import monotonic
from uuid import UUID

from pdu_portal.journal import Reader
from pdu_portal.journal_shapes import Envelope, Handled, JournalEntry
from pdu_portal.listeners import NO_ANSWER, Listener
from pdu_portal.neighbours import Neighbours

KEPT = 100
FRESH_SECONDS = 0.25
REPORTING = "reporting"
COLUMNS = ("bookings", "resources", "notifications", REPORTING)


class Mark(StrEnum):
    """What one service has to do with one message."""

    SAID = "said"
    DONE = "done"
    WAITING = "waiting"
    ASIDE = "aside"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Cell:
    """A mark, and after how many milliseconds it was earned."""

    mark: Mark
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One message on the board."""

    position: int
    message: Envelope
    cells: tuple[Cell, ...]
    version: int


class Board:
    """Rows for as many readers as there are; the services are asked once for all of them."""

    def __init__(self, services: Neighbours) -> None:
        self.away = False
        self.version = 0
        self._reader = Reader(services.reporting)
        self._listeners = {s.name: Listener(s) for s in services.each() if s.name != REPORTING}
        self._entries: dict[UUID, JournalEntry] = {}
        self._handled: dict[tuple[str, UUID], Handled] = {}
        self._rows: dict[UUID, Row] = {}
        self._lock = asyncio.Lock()
        self._fresh_until = 0.0

    async def refresh(self) -> None:
        """Bring the board up to date, unless it was a moment ago."""
        async with self._lock:
            if monotonic() < self._fresh_until:
                return
            try:
                self._keep(await self._reader.read_on())
                self.away = False
            except NO_ANSWER:
                self.away = True
            async with asyncio.TaskGroup() as group:
                for listener in self._listeners.values():
                    group.create_task(self._ask(listener))
            self._draw()
            self._fresh_until = monotonic() + FRESH_SECONDS

    def newest(self, count: int) -> list[Row]:
        """The rows on top, newest first."""
        return sorted(self._rows.values(), key=lambda row: -row.position)[:count]

    def story(self, booking_id: UUID) -> list[Row]:
        """Everything that one booking set in motion, newest first."""
        rows = self.newest(KEPT)
        told = {r.message.correlationid for r in rows if _about(r.message, booking_id)} - {None}
        return [r for r in rows if r.message.correlationid in told or _about(r.message, booking_id)]

    def waiting(self) -> int:
        """How many marks are still to come."""
        return sum(cell.mark is Mark.WAITING for row in self._rows.values() for cell in row.cells)

    def last_hour(self) -> tuple[int, bool]:
        """How many messages the last hour brought, and whether it may have been more."""
        return self._reader.last_hour()

    def _keep(self, entries: Sequence[JournalEntry]) -> None:
        for entry in entries:
            self._entries[entry.message.id] = entry
        while len(self._entries) > KEPT:
            del self._entries[next(iter(self._entries))]
        self._rows = {key: row for key, row in self._rows.items() if key in self._entries}
        self._handled = {k: h for k, h in self._handled.items() if k[1] in self._entries}

    async def _ask(self, listener: Listener) -> None:
        open_ids = [
            message_id
            for message_id, entry in self._entries.items()
            if entry.message.speaker != listener.name
            and (listener.hears is None or entry.message.name in listener.hears)
            and not self._finished(listener.name, message_id)
        ]
        for handled in await listener.dealt_with(open_ids):
            self._handled[listener.name, handled.message_id] = handled

    def _finished(self, service: str, message_id: UUID) -> bool:
        handled = self._handled.get((service, message_id))
        return handled is not None and handled.state in {"done", "stale"}

    def _draw(self) -> None:
        for message_id, entry in self._entries.items():
            cells = tuple(self._cell(entry, service) for service in COLUMNS)
            known = self._rows.get(message_id)
            if known is None or known.cells != cells:
                self.version += 1
                self._rows[message_id] = Row(entry.position, entry.message, cells, self.version)

    def _cell(self, entry: JournalEntry, service: str) -> Cell:
        message = entry.message
        if message.speaker == service:
            return Cell(Mark.SAID)
        if service == REPORTING:
            # The journal is reporting's own: what stands in it has been dealt with.
            return Cell(Mark.DONE, _after(message, entry.received_at))
        match self._handled.get((service, message.id)):
            case Handled(state="done" | "stale", handled_at=at):
                return Cell(Mark.DONE, _after(message, at))
            case Handled(state="parked"):
                return Cell(Mark.ASIDE)
            case Handled():
                return Cell(Mark.WAITING)
        hears = self._listeners[service].hears or frozenset()
        return Cell(Mark.WAITING if message.name in hears else Mark.NOTHING)


def _after(message: Envelope, at: datetime | None) -> int | None:
    if at is None:
        return None
    # Clocks of two machines may differ by a hair; nothing is dealt with before it was said.
    return max(0, round((at - (message.recordedtime or message.time)).total_seconds() * 1000))


def _about(message: Envelope, booking_id: UUID) -> bool:
    return message.subject == f"booking/{booking_id}" or str(booking_id) in {
        message.data.get("booking_id"),
        message.data.get("related_id"),
    }
