"""What bookings does about people's rights."""

from pdu_shared.contracts.protection import _Erased, _Gathered


class PersonErased(_Erased):
    """A service keeps nothing any more by which a person could be known."""


class PersonalDataGathered(_Gathered):
    """What a service keeps about a person who asked for it."""
