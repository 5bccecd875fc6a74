"""How many bookings were made."""

from pdu_reporting.figure import EVENT_KIND, PROJECT_YEAR, WHO, Dimension, Figure

STATE = Dimension("state", ("confirmed", "cancelled"))

BOOKINGS = Figure(
    name="bookings",
    statement="Bookings that were given a place, whether kept (confirmed) or given back"
    " (cancelled); people who only waited are not among them. One for each person and learning"
    " event, on the day of its first session.",
    dimensions=(
        PROJECT_YEAR,
        *WHO,
        Dimension("heard_about"),
        EVENT_KIND,
        STATE,
    ),
    lock="""
        LOCK TABLE booking, booking_state, learning_event, project_year, session
          IN ACCESS SHARE MODE
        """,
    sql="""
        SELECT CASE WHEN 'project_year' = ANY ($1::text[]) THEN year.code   END AS project_year,
               CASE WHEN 'sector'       = ANY ($1) THEN sector              END AS sector,
               CASE WHEN 'work_field'   = ANY ($1) THEN work_field          END AS work_field,
               CASE WHEN 'role_level'   = ANY ($1) THEN role_level          END AS role_level,
               CASE WHEN 'area'         = ANY ($1) THEN area                END AS area,
               CASE WHEN 'heard_about'  = ANY ($1) THEN heard_about         END AS heard_about,
               CASE WHEN 'event_kind'   = ANY ($1) THEN learning_event.kind END AS event_kind,
               CASE WHEN 'state'        = ANY ($1) THEN became.state        END AS state,
               count(*) AS value
          FROM booking
          LEFT JOIN booking_state  USING (booking_id)
          LEFT JOIN learning_event USING (learning_event_id)
         CROSS JOIN LATERAL (SELECT CASE WHEN booking_state.state = 'cancelled' THEN 'cancelled'
                                         ELSE 'confirmed' END AS state) AS became
         CROSS JOIN LATERAL (SELECT min(starts_on) AS held_on
                               FROM session
                              WHERE session_id = ANY (booking.session_ids)) AS day
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE held_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year ON true
         WHERE ($2::text[] IS NULL OR year.code           = ANY ($2))
           AND ($3::text[] IS NULL OR sector              = ANY ($3))
           AND ($4::text[] IS NULL OR work_field          = ANY ($4))
           AND ($5::text[] IS NULL OR role_level          = ANY ($5))
           AND ($6::text[] IS NULL OR area                = ANY ($6))
           AND ($7::text[] IS NULL OR heard_about         = ANY ($7))
           AND ($8::text[] IS NULL OR learning_event.kind = ANY ($8))
           AND ($9::text[] IS NULL OR became.state        = ANY ($9))
           AND ($10::date IS NULL OR held_on >= $10)
           AND ($11::date IS NULL OR held_on <= $11)
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
         ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
        """,
)
