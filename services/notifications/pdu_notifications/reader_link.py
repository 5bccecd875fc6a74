"""What the links of subscribers open: their preferences, or the end of one list."""

from enum import StrEnum
from uuid import UUID

from pdu_shared.links import opened_by, token_of
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Runtime
from pdu_shared.settings import Settings


class Purpose(StrEnum):
    """What a link is for. The words are part of the tokens: they are never changed."""

    PREFERENCES = "preferences"
    ONE_CLICK = "one_click"


def preferences_path(link_key: bytes, subscriber_id: UUID) -> str:
    """Where somebody sees and changes what they get, below the portal's address."""
    return f"p/{token_of(link_key, Purpose.PREFERENCES, subscriber_id)}"


def one_click_path(link_key: bytes, subscription_id: UUID) -> str:
    """Where one click ends one list. It works as long as the subscription is known."""
    return f"u/{token_of(link_key, Purpose.ONE_CLICK, subscription_id)}"


def opened(runtime: Runtime, purpose: Purpose, token: str) -> UUID:
    """What a token is for. NotFound for any that we did not make for this."""
    about = opened_by(link_key(runtime.settings), purpose, token)
    if about is None:
        raise NotFound
    return about


def link_key(settings: Settings) -> bytes:
    """What they are signed with."""
    return settings.secret("link_key").encode()
