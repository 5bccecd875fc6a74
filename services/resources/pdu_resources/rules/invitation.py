"""How an invitation to a survey goes on its way, and until when it can be answered."""

from datetime import datetime, timedelta

from pdu_shared.contracts.vocabulary import InvitationState

OPEN_FOR = timedelta(days=21)

_WAY = (
    InvitationState.PLANNED,
    InvitationState.SUPPRESSED,
    InvitationState.SENT,
    InvitationState.DELIVERED,
    InvitationState.BOUNCED,
    InvitationState.OPENED_FORM,
    InvitationState.PARTIAL,
    InvitationState.SUBMITTED,
)


def becomes(state: InvitationState, heard: InvitationState) -> InvitationState:
    """The state after this was heard. Whoever has read a letter did receive it: no way leads back.

    What the mail server says may arrive here after the person did.
    """
    return max(state, heard, key=_WAY.index)


def expires_at(invited_at: datetime) -> datetime:
    """When the survey closes for somebody who was invited at this time."""
    return invited_at + OPEN_FOR
