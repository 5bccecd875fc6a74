"""What bookings tells of Communities of Practice: their life, their members, who convenes."""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Wording
from pdu_shared.contracts.vocabulary import Channel, CommunityState, MembershipState


class CopCreated(Message):
    """Somebody proposed a Community of Practice."""

    about = "community"
    public = True

    community_id: UUID
    key: Code
    """The `series` of its sessions."""
    title: Wording
    workstream: Code
    state: CommunityState


class CopStateChanged(Message):
    """A Community of Practice went on to another stage of its life."""

    about = "community"
    public = True

    community_id: UUID
    state: CommunityState
    reason_code: Code


class CopConvenorAssigned(Message):
    """A member has promised to convene sessions of a community."""

    about = "community"
    public = True

    community_id: UUID
    person_id: UUID
    convenor_until: date


class _Membership(Message):
    about = "membership"
    public = True

    membership_id: UUID
    community_id: UUID
    person_id: UUID


class CopMemberJoined(_Membership):
    """A person belongs to a community from now on."""


class CopMemberLeft(_Membership):
    """A person no longer belongs to a community."""


class CopMemberLinkIssued(Message):
    """How to reach somebody whom a community invited, or who joined it, and their own token."""

    about = "membership"
    sealed_for = "notifications"

    membership_id: UUID
    community_id: UUID
    community_name: Wording
    state: MembershipState
    person_id: UUID
    channel: Channel
    address: str
    name: str
    token: str
