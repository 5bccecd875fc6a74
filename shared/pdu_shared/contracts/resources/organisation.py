"""Organisations under one name, and which ids are one of them."""

from datetime import date
from enum import StrEnum
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


class AbsenceReason(StrEnum):
    """Why nobody comes from an organisation, as it says when it is asked."""

    NOT_RELEVANT = "not_relevant"
    DID_NOT_KNOW = "did_not_know"
    NO_TIME = "no_time"
    NO_COVER = "no_cover"
    """Nobody can stand in for whoever goes."""
    TIMES = "times"
    PLACE = "place"
    COST = "cost"
    OWN_TRAINING = "own_training"
    NO_PLACES = "no_places"
    """They wanted to come, and it was full."""
    OTHER = "other"


class AbsenceExplained(Message):
    """An organisation said why nobody comes, or that was taken back: then there is no reason."""

    about = "organisation_absence"

    organisation_id: UUID
    reasons: tuple[AbsenceReason, ...] = ()
    asked_on: date

    @property
    def subject(self) -> str:
        """The organisation, apart from what else is told of it."""
        return f"organisation_absence/{self.organisation_id}"
