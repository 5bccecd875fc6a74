"""Where links in letters lead that are everybody's: paths of the portal."""

from uuid import UUID

EVENTS = "events"
GUIDE = "start"
IMPACT = "impact"
JOIN = "join"
LEARN = "learn"
LIBRARY = "library"
SIGN_IN = "sign-in"
TASKS = "tasks"
YOU_SAID = "you-said"


def event(learning_event_id: UUID) -> str:
    """The page of a learning event."""
    return f"{EVENTS}/{learning_event_id}"


def item(item_key: str) -> str:
    """The page of something in the hub."""
    return f"{LIBRARY}/{item_key}"


def recording(item_key: str) -> str:
    """Where members watch a recording."""
    return f"recordings/{item_key}"
