"""Reading on in the journal of messages, from somewhere near its end."""

from collections import deque
from datetime import UTC, datetime, timedelta

from pdu_portal.journal_shapes import Journal, JournalEntry
from pdu_portal.metrics import total
from pdu_portal.neighbours import Neighbour

PAGE = 100
PAGES_AT_ONCE = 5
FROM_THE_END = 500
HOUR = timedelta(hours=1)


class Reader:
    """One reader's place in the journal that reporting keeps."""

    def __init__(self, reporting: Neighbour) -> None:
        self._reporting = reporting
        self._position: int | None = None
        self._times: deque[datetime] = deque(maxlen=5_000)
        self._skipped_at: datetime | None = None

    async def read_on(self) -> list[JournalEntry]:
        """What has been written since the last reading; raises Away when nobody answers."""
        if self._position is None:
            await self._skip_ahead()
        entries: list[JournalEntry] = []
        for _ in range(PAGES_AT_ONCE):
            path = f"/journal?after={self._position}&limit={PAGE}"
            page = await self._reporting.read(path, Journal)
            entries += page.items
            self._times.extend(entry.received_at for entry in page.items)
            self._position = page.next
            if len(page.items) < PAGE:
                return entries
        # Far behind, as under a load test: a board shows what is new, not all there was.
        await self._skip_ahead()
        return entries

    def last_hour(self) -> tuple[int, bool]:
        """How many messages the last hour brought, and whether it may have been more."""
        since = datetime.now(UTC) - HOUR
        recent = sum(1 for at in self._times if at > since)
        full = len(self._times) == self._times.maxlen and recent == len(self._times)
        return recent, full or (self._skipped_at is not None and self._skipped_at > since)

    async def _skip_ahead(self) -> None:
        end = total(await self._reporting.text("/metrics"), "pdu_journal_position")
        start = max(self._position or 0, int(end or 0) - FROM_THE_END)
        if start > (self._position or 0):
            page = await self._reporting.read(f"/journal?after={start}&limit=1", Journal)
            self._skipped_at = page.items[0].received_at if page.items else None
        self._position = start
