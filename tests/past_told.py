"""What imports told, for tests of records of the past."""

import json
from typing import Any

from pdu_shared.database import Database
from pdu_shared.identity import derived_id, person_id

KEY = b"pdu-test-key"


async def told(database: Database, *subjects: str) -> list[dict[str, Any]]:
    """What was told of these, in its order."""
    rows = await database.pool.fetch(
        "SELECT body FROM outbox WHERE subject = ANY ($1) ORDER BY position", subjects
    )
    return [json.loads(row["body"]) for row in rows]


def names(messages: list[dict[str, Any]]) -> list[str]:
    """The names of messages."""
    return [message["type"].rpartition(".")[2] for message in messages]


def subjects_of(row: dict[str, Any]) -> tuple[str, str]:
    """The learning event and the session of a row."""
    return (
        f"learning_event/{derived_id('learning_event', row['event_key'])}",
        f"session/{derived_id('session', row['event_key'])}",
    )


def subjects_at(row: dict[str, Any]) -> tuple[str, str]:
    """The booking and the attendance of a row."""
    session_id = derived_id("session", row["event_key"])
    person = person_id(KEY, row["person_email"])
    return (
        f"booking/{derived_id('booking', session_id, person)}",
        f"attendance/{derived_id('attendance', session_id, person)}",
    )
