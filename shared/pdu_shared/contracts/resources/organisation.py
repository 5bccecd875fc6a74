"""Organisations under one name, and which ids are one of them."""

from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Wording


class _Organisation(Message):
    about = "organisation"

    organisation_id: UUID
    canonical_name: Wording
    sector: Code | None = None
    area: Code | None = None
    parent_id: UUID | None = None
    """The organisation that it is a part of."""


class OrganisationRegistered(_Organisation):
    """An organisation is in the registry."""


class OrganisationChanged(_Organisation):
    """An organisation is described otherwise: all that is told of it, as it is now."""


class _SameOrganisation(Message):
    about = "organisation"

    kept_id: UUID
    merged_id: UUID
    """What was said about this id is about the kept one: another name of it, or its double."""

    @property
    def subject(self) -> str:
        """The one that is merged: it belongs to one organisation at most."""
        return f"organisation/{self.merged_id}"


class OrganisationMerged(_SameOrganisation):
    """An id stands for an organisation: the last word about an id is enough to know it."""


class OrganisationUnmerged(_SameOrganisation):
    """An id stood for an organisation, and does no more."""
