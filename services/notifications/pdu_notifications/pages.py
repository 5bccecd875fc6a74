"""Where links in letters lead that are everybody's: paths of the portal."""

from uuid import UUID

EVENTS = "events"
GUIDE = "start"
IMPACT = "impact"
JOIN = "join"
LEARN = "learn"
LIBRARY = "library"
SIGN_IN = "sign-in"
SUBSCRIBE = "subscribe"
TASKS = "tasks"
VIA = "via"
"""Then the code of where a link stands, and where it leads."""
YOU_SAID = "you-said"


def event(learning_event_id: UUID) -> str:
    """The page of a learning event."""
    return f"{EVENTS}/{learning_event_id}"


def for_colleagues(learning_event_id: UUID) -> str:
    """The same, to be passed on: who books there is asked whether a colleague told them."""
    return f"{VIA}/colleague/{event(learning_event_id)}"


def subscribe(source: str) -> str:
    """Where everybody can ask for the bulletin; nobody gets it without asking."""
    return f"{VIA}/{source}/{SUBSCRIBE}"


def item(item_key: str) -> str:
    """The page of something in the hub."""
    return f"{LIBRARY}/{item_key}"


def module(module_key: str) -> str:
    """The page of an e-learning module."""
    return f"{LEARN}/{module_key}"


def recording(item_key: str) -> str:
    """Where members watch a recording."""
    return f"recordings/{item_key}"
