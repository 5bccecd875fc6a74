"""What is kept about people who hear of learning events: their copy, and how it is forgotten."""

from pdu_shared.holding import Holding

HOLDINGS = (
    Holding(
        table="manager_told",
        words="That a manager hears of what you, or your staff, came to",
        copy="""
            SELECT manager_told.name, manager_name, manager_address, plans, agreed_at
              FROM manager_told JOIN booking USING (booking_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM manager_told USING booking
             WHERE booking.booking_id = manager_told.booking_id
               AND (person_id = ANY ($1::uuid[]) OR manager_id = ANY ($1::uuid[]))
            """,
    ),
    Holding(
        table="briefing_reader",
        words="That you get briefings of learning events",
        copy="""
            SELECT name, address, role, workstreams, added_at
              FROM briefing_reader
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM briefing_reader WHERE person_id = ANY ($1::uuid[])",
    ),
)
