"""The links behind which surveys are answered: signed, so that a reminder has the same one."""

from enum import StrEnum
from uuid import UUID

from pdu_shared.links import opened_by, token_of
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Runtime


class Purpose(StrEnum):
    """What a link is for. The words are part of the tokens: they are never changed."""

    INVITATION = "survey-invitation"
    OPEN = "survey-open"
    RECEIPT = "survey-receipt"


def token_for(here: Runtime, purpose: Purpose, about: UUID) -> str:
    """The token that opens this."""
    return token_of(_key(here), purpose, about)


def opened(here: Runtime, purpose: Purpose, token: str) -> UUID:
    """What a token opens. NotFound for any that we did not make for this."""
    about = opened_by(_key(here), purpose, token)
    if about is None:
        raise NotFound
    return about


def _key(here: Runtime) -> bytes:
    return here.settings.secret("link_key").encode()
