"""The lists a booking form offers, kept from the last time the hub answered."""

from time import monotonic

from pdu_portal.neighbours import Away, Neighbour, NotThere, Refused
from pdu_portal.shapes import Vocabulary

FRESH_SECONDS = 60
AWAY_SECONDS = 1
"""Until a hub that did not answer is asked again: every page would wait for it."""


class Lists:
    """Sectors, fields, roles and areas, asked for at most once a minute."""

    def __init__(self, resources: Neighbour) -> None:
        self._resources = resources
        self._kept: Vocabulary | None = None
        self._ask_at = 0.0

    async def vocabulary(self) -> Vocabulary | None:
        """The newest lists there are; None when the hub has never answered this portal."""
        if monotonic() < self._ask_at:
            return self._kept
        try:
            self._kept = await self._resources.read("/vocabulary", Vocabulary)
            self._ask_at = monotonic() + FRESH_SECONDS
        except (Away, NotThere, Refused):
            self._ask_at = monotonic() + AWAY_SECONDS
        return self._kept
