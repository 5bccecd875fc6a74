"""How an invitation to a survey goes on its way, and until when it can be answered."""

from datetime import datetime, timedelta

from pdu_shared.contracts.vocabulary import InvitationState
from pdu_shared.local_time import NoSuchTimeError, local_clock, moment

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
REMINDED = frozenset(
    {
        InvitationState.PLANNED,
        InvitationState.SENT,
        InvitationState.DELIVERED,
        InvitationState.OPENED_FORM,
        InvitationState.PARTIAL,
    }
)
"""Who is in one of these has got the letter, as far as we know, and has not answered."""


def becomes(state: InvitationState, heard: InvitationState) -> InvitationState:
    """The state after this was heard. Whoever has read a letter did receive it: no way leads back.

    What the mail server says may arrive here after the person did.
    """
    return max(state, heard, key=_WAY.index)


def expires_at(invited_at: datetime) -> datetime:
    """When the survey closes for somebody who was invited then: three weeks by the wall clock."""
    closes = local_clock(invited_at) + OPEN_FOR
    try:
        return moment(closes)
    except NoSuchTimeError:
        return invited_at + OPEN_FOR
