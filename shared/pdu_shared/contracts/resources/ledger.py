"""What resources tells of its own ledger."""

from pdu_shared.contracts.ledger import _Counted


class LedgerCounted(_Counted):
    """How many messages of each kind a service has told in a span of time."""
