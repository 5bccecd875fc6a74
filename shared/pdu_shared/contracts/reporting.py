"""What reporting tells: it derives its figures from what others tell, and keeps people's rights."""

from pdu_shared.contracts.protection import _Applied, _Erased, _Gathered


class PersonErased(_Erased):
    """A service keeps nothing any more by which a person could be known."""


class PersonalDataGathered(_Gathered):
    """What a service keeps about a person who asked for it."""


class RetentionApplied(_Applied):
    """Data was deleted because its time had come."""
