"""What reporting keeps about people: facts under an id, and never who that is."""

from pdu_shared.holding import Holding

STAYS = "Under an id that no longer leads to anybody, so that published figures stay as they were."

HOLDINGS = (
    Holding(
        table="booking",
        words="Bookings, as figures count them",
        copy="""
            SELECT booked_on, sector, work_field, role_level, area, heard_about
              FROM booking
             WHERE person_id = ANY ($1::uuid[])
            """,
        stays=STAYS,
        also=("journal", "booking_state", "history_booking", "person_alias"),
    ),
    Holding(
        table="attendance",
        words="Attendances, as figures count them",
        copy="""
            SELECT event_kind, state, sector, work_field, role_level, area, held_on
              FROM attendance
             WHERE person_id = ANY ($1::uuid[])
            """,
        stays=STAYS,
        also=("tally_part", "tally_pending"),
    ),
    Holding(
        table="member",
        words="Your membership of the hub, as figures count it",
        copy="""
            SELECT registered_on, sector, work_field, role_level, area
              FROM member
             WHERE person_id = ANY ($1::uuid[])
            """,
        stays=STAYS,
    ),
    Holding(
        table="activity",
        words="What you did in the hub, as figures count it",
        copy="SELECT action, happened_on FROM activity WHERE person_id = ANY ($1::uuid[])",
        stays=STAYS,
    ),
    Holding(
        table="survey_response",
        words="Surveys you answered and agreed to have linked",
        copy="""
            SELECT survey_key, wave, sector, work_field, submitted_on
              FROM survey_response
             WHERE person_id = ANY ($1::uuid[])
            """,
        stays=STAYS,
        also=("survey_answer",),
    ),
    Holding(
        table="intended_action",
        words="What you meant to do and agreed to have linked, as figures count it",
        copy="""
            SELECT state, outcome_code, intended_on
              FROM intended_action
             WHERE person_id = ANY ($1::uuid[])
            """,
        stays=STAYS,
    ),
    Holding(
        table="steering_seat",
        words="Your seat in the steering group, as figures count it",
        copy="""
            SELECT seat_kind, sector, role_level, starts_on, ends_on
              FROM steering_seat
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY starts_on
            """,
        stays=STAYS,
    ),
    Holding(
        table="community_convenor",
        words="Communities of Practice that you promised to convene",
        copy="""
            SELECT convenor_until FROM community_convenor
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY convenor_until
            """,
        stays=STAYS,
    ),
    Holding(
        table="survey_invitation",
        words="Surveys you were asked to answer",
        copy="""
            SELECT survey_key, wave, invited_on FROM survey_invitation
             WHERE person_id = ANY ($1::uuid[])
            """,
        stays=STAYS,
    ),
)
