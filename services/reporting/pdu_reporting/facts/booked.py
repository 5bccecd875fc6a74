"""Bookings that gave a place: those that were told one by one, and imported history."""

from pdu_reporting.facts.learning_events import ABOUT
from pdu_reporting.facts.recoded import BOOKING_AS_COUNTED, HISTORY_BOOKING_AS_COUNTED
from pdu_reporting.figure import (
    KIND,
    MONTH,
    PROGRAMME_PERIOD,
    PROJECT_YEAR,
    SERIES,
    SESSION,
    WHO,
    WORKSTREAM,
    Dimension,
    Fact,
)

STATE = Dimension("state", codes=("confirmed", "cancelled"))

MADE = """
    made AS (
        SELECT learning_event_id, session_ids, sector, work_field, role_level, area, heard_about,
               booked_on,
               CASE WHEN booking_state.state = 'cancelled' THEN 'cancelled'
                    ELSE 'confirmed' END AS state,
               'booking/' || booking_id AS subject,
               ARRAY[booking.sequence, booking_state.sequence] AS sequences
          FROM booking_as_counted AS booking
          LEFT JOIN booking_state USING (booking_id)
         UNION ALL
        SELECT learning_event_id, ARRAY[session_id], sector, work_field, role_level, area,
               heard_about, booked_on, 'confirmed', 'attendance/' || attendance_id, ARRAY[sequence]
          FROM history_booking_as_counted AS history_booking
         WHERE NOT EXISTS (SELECT FROM booking
                            WHERE booking.booking_id = history_booking.booking_id)
    )
    """

BOOKED = """
    booked AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN year.code                 END,
                     CASE WHEN $1 ? 'programme_period' THEN programme.code             END,
                     CASE WHEN $1 ? 'kind'         THEN kind                             END,
                     CASE WHEN $1 ? 'series'       THEN series                           END,
                     CASE WHEN $1 ? 'workstream'   THEN stream                           END,
                     CASE WHEN $1 ? 'session'      THEN first.session_id::text           END,
                     CASE WHEN $1 ? 'month'        THEN to_char(starts_on, 'YYYY-MM')    END,
                     CASE WHEN $1 ? 'sector'       THEN sector                           END,
                     CASE WHEN $1 ? 'work_field'   THEN work_field                       END,
                     CASE WHEN $1 ? 'role_level'   THEN role_level                       END,
                     CASE WHEN $1 ? 'area'         THEN area                             END,
                     CASE WHEN $1 ? 'heard_about'  THEN heard_about                      END,
                     CASE WHEN $1 ? 'state'        THEN state                            END
               ] AS cut,
               subject, sequences
          FROM made
          LEFT JOIN about USING (learning_event_id)
          LEFT JOIN LATERAL (SELECT session_id, starts_on
                               FROM session
                              WHERE session_id = ANY (session_ids)
                              ORDER BY starts_on, session_id
                              LIMIT 1) AS first
            ON $1 ?| '{project_year,programme_period,session,month}'
               OR $2 ?| '{project_year,programme_period,session}'
               OR $3::date IS NOT NULL OR $4::date IS NOT NULL
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year AS year
                              WHERE first.starts_on BETWEEN year.starts_on AND ends_on
                              ORDER BY year.starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2 ? 'project_year'
          LEFT JOIN LATERAL (SELECT code
                               FROM programme_period AS period
                              WHERE first.starts_on BETWEEN period.starts_on
                                        AND coalesce(period.ends_on, 'infinity')
                              ORDER BY period.starts_on DESC
                              LIMIT 1) AS programme
            ON $1 ? 'programme_period' OR $2 ? 'programme_period'
         WHERE ($2 -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'programme_period' IS NULL OR $2 -> 'programme_period' ? programme.code)
           AND ($2 -> 'kind'         IS NULL OR $2 -> 'kind'         ? kind)
           AND ($2 -> 'series'       IS NULL OR $2 -> 'series'       ? series)
           AND ($2 -> 'workstream'   IS NULL OR about.learning_event_id IS NOT NULL)
           AND ($2 -> 'session'      IS NULL OR $2 -> 'session'      ? first.session_id::text)
           AND ($2 -> 'sector'       IS NULL OR $2 -> 'sector'       ? sector)
           AND ($2 -> 'work_field'   IS NULL OR $2 -> 'work_field'   ? work_field)
           AND ($2 -> 'role_level'   IS NULL OR $2 -> 'role_level'   ? role_level)
           AND ($2 -> 'area'         IS NULL OR $2 -> 'area'         ? area)
           AND ($2 -> 'heard_about'  IS NULL OR $2 -> 'heard_about'  ? heard_about)
           AND ($2 -> 'state'        IS NULL OR $2 -> 'state'        ? state)
           AND booked_on <= coalesce(($2 ->> 'booked_to')::date, 'infinity')
           AND ($3 IS NULL OR starts_on >= $3)
           AND ($4 IS NULL OR starts_on <= $4)
    )
    """

MADE_BY = "SELECT subject, sequence FROM booked, unnest(sequences) AS sequence"
"""The messages behind them: the booking, and what it came to."""

BOOKING = Fact(
    tables=(
        "booking", "booking_state", "history_booking", "learning_event", "programme_period",
        "project_year", "recoding", "session",
    ),
    dimensions=(
        PROJECT_YEAR, PROGRAMME_PERIOD, KIND, SERIES, WORKSTREAM, SESSION, MONTH, *WHO,
        Dimension("heard_about"), STATE,
    ),
    queries=(ABOUT, BOOKING_AS_COUNTED, HISTORY_BOOKING_AS_COUNTED, MADE, BOOKED),
)  # fmt: skip
