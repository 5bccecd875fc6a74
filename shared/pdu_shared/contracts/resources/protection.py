"""People's rights over what is kept about them: what they ask, and what they agree to."""

from uuid import UUID

from pydantic import AwareDatetime

from pdu_shared.contracts.message import Code, Message
from pdu_shared.contracts.protection import _AboutPerson, _Applied, _Asked, _Erased, _Gathered


class SubjectAccessRequested(_Asked):
    """Somebody wants to see all that is kept about them: every service hands over its part."""


class SubjectAccessAssembled(_AboutPerson):
    """What every service keeps about a person lies ready for them."""


class ErasureRequested(_Asked):
    """A person is to be forgotten: every service erases what it keeps about them."""


class ErasureCompleted(_AboutPerson):
    """Every service has forgotten a person."""

    done_at: AwareDatetime


class PersonErased(_Erased):
    """A service keeps nothing any more by which a person could be known."""


class PersonalDataGathered(_Gathered):
    """What a service keeps about a person who asked for it."""


class RetentionApplied(_Applied):
    """Data was deleted because its time had come."""


class _Consent(Message):
    about = "consent"

    consent_id: UUID
    person_id: UUID
    purpose: Code
    version: int
    """Of the wording that they were shown."""
    channel: Code


class ConsentGiven(_Consent):
    """A person agreed to something, in the words of this version."""


class ConsentWithdrawn(_Consent):
    """A person no longer agrees."""
