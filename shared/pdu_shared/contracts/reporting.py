"""What reporting tells: it derives its figures from what others tell, and keeps people's rights."""

from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime

from pdu_shared.contracts.ledger import _Counted
from pdu_shared.contracts.message import Code, Message, RoutingKey, Wording
from pdu_shared.contracts.protection import _Applied, _Erased, _Gathered


class SnapshotKind(StrEnum):
    """What a snapshot is for; what is published is for everybody."""

    REPORT = "report"
    BASELINE = "baseline"
    PUBLISHED = "published"


class SnapshotFrozen(Message):
    """Figures were frozen as they stood at one moment of the journal."""

    about = "snapshot"
    public = True

    snapshot_id: UUID
    kind: SnapshotKind
    title: Wording
    tables: int
    as_of: AwareDatetime
    """When the newest message that they rest on had come in."""
    journal_position: int


class _Figure(Message):
    about = "figure"
    public = True

    figure_id: UUID
    """The same for a figure and a project year in all publications."""
    snapshot_id: UUID
    figure: Code
    project_year: Code
    value: int
    caveats: tuple[Code, ...] = ()
    as_of: AwareDatetime
    journal_position: int


class FigurePublished(_Figure):
    """The total of a project year is there for everybody to see, for the first time."""


class FigureCorrected(_Figure):
    """The total of a project year that everybody has seen is another one now."""

    was: int


class LedgerCounted(_Counted):
    """How many messages of each kind a service has told in a span of time."""


class MessagesMissing(Message):
    """The journal lacks what a service says that it told; that service tells it again."""

    about = "ledger"

    ledger_id: UUID
    """Of the service and the span, as in its `LedgerCounted`."""
    publisher: Code
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    keys: tuple[RoutingKey, ...]
    """The kinds that are not all there; none means that nothing is known of the span."""


class PersonErased(_Erased):
    """A service keeps nothing any more by which a person could be known."""


class PersonalDataGathered(_Gathered):
    """What a service keeps about a person who asked for it."""


class RetentionApplied(_Applied):
    """Data was deleted because its time had come."""
