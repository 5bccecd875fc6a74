"""What this city has otherwise than another: settings, as far as this service heard of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from pdu_shared.contracts.resources.vocabulary import SettingChanged
from pdu_shared.database import Conn


async def keep_setting(conn: Conn, message: SettingChanged) -> None:
    """Keep what a setting is from now on; lists of codes are for those who know what to do."""
    await conn.execute(
        """
        INSERT INTO instance_setting (key, number, wording) VALUES ($1, $2, $3)
            ON CONFLICT (key) DO UPDATE SET number = excluded.number, wording = excluded.wording
        """,
        message.key,
        message.number,
        message.wording,
    )


@dataclass(frozen=True, slots=True)
class Instance:
    """The settings that were heard of. What nobody has changed is as usual."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)

    def number(self, key: str, usual: int) -> int:
        """A number."""
        return self.numbers.get(key, usual)

    def clock(self, key: str, usual: time) -> time:
        """A time of day; what is none changes nothing."""
        try:
            return time.fromisoformat(self.wordings[key])
        except (KeyError, ValueError):
            return usual


async def instance(conn: Conn) -> Instance:
    """What this city has otherwise than another, as far as it was heard."""
    rows = await conn.fetch("SELECT key, number, wording FROM instance_setting")
    return Instance(
        {row["key"]: row["number"] for row in rows if row["number"] is not None},
        {row["key"]: row["wording"] for row in rows if row["wording"]},
    )
