"""Everything that follows from the journal, one module for each table."""

from pdu_reporting.projection import Projection
from pdu_reporting.projections import (
    attendance,
    booking,
    booking_state,
    category,
    learning_event,
    member,
    project_year,
    session,
    session_held,
    subject,
    workstream,
)

PROJECTIONS: tuple[Projection, ...] = (
    attendance.ATTENDANCE,
    booking.BOOKING,
    booking_state.BOOKING_STATE,
    category.CATEGORY,
    learning_event.LEARNING_EVENT,
    member.MEMBER,
    project_year.PROJECT_YEAR,
    session.SESSION,
    session_held.SESSION_HELD,
    subject.SUBJECT,
    workstream.WORKSTREAM,
)
