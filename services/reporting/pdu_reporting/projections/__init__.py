"""Everything that follows from the journal, one module for each table."""

from pdu_reporting.projections.attendance import ATTENDANCE
from pdu_reporting.projections.booking import BOOKING
from pdu_reporting.projections.booking_state import BOOKING_STATE
from pdu_reporting.projections.code import CODE
from pdu_reporting.projections.learning_event import LEARNING_EVENT
from pdu_reporting.projections.member import MEMBER
from pdu_reporting.projections.project_year import PROJECT_YEAR
from pdu_reporting.projections.projection import Projection
from pdu_reporting.projections.session import SESSION
from pdu_reporting.projections.session_held import SESSION_HELD
from pdu_reporting.projections.subject import SUBJECT
from pdu_reporting.projections.workstream import WORKSTREAM

PROJECTIONS: tuple[Projection, ...] = (
    ATTENDANCE,
    BOOKING,
    BOOKING_STATE,
    CODE,
    LEARNING_EVENT,
    MEMBER,
    PROJECT_YEAR,
    SESSION,
    SESSION_HELD,
    SUBJECT,
    WORKSTREAM,
)

__all__ = ["PROJECTIONS", "Projection"]
