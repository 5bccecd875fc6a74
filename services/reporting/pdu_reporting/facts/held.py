"""Sessions that took place."""

from pdu_reporting.facts.learning_events import ABOUT
from pdu_reporting.figure import (
    KIND,
    MONTH,
    PROGRAMME_PERIOD,
    PROJECT_YEAR,
    SERIES,
    SESSION,
    WORKSTREAM,
    Fact,
)

HELD = """
    held AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN year.code                 END,
                     CASE WHEN $1 ? 'programme_period' THEN programme.code             END,
                     CASE WHEN $1 ? 'kind'         THEN kind                             END,
                     CASE WHEN $1 ? 'series'       THEN series                           END,
                     CASE WHEN $1 ? 'workstream'   THEN stream                           END,
                     CASE WHEN $1 ? 'session'      THEN session_id::text                 END,
                     CASE WHEN $1 ? 'month'        THEN to_char(held_on, 'YYYY-MM')      END
               ] AS cut,
               kind, series
          FROM session_held
          LEFT JOIN about USING (learning_event_id)
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE held_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2 ? 'project_year'
          LEFT JOIN LATERAL (SELECT code
                               FROM programme_period AS period
                              WHERE held_on BETWEEN period.starts_on
                                        AND coalesce(period.ends_on, 'infinity')
                              ORDER BY period.starts_on DESC
                              LIMIT 1) AS programme
            ON $1 ? 'programme_period' OR $2 ? 'programme_period'
         WHERE held
           AND ($2 -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'programme_period' IS NULL OR $2 -> 'programme_period' ? programme.code)
           AND ($2 -> 'kind'         IS NULL OR $2 -> 'kind'         ? kind)
           AND ($2 -> 'series'       IS NULL OR $2 -> 'series'       ? series)
           AND ($2 -> 'workstream'   IS NULL OR about.learning_event_id IS NOT NULL)
           AND ($2 -> 'session'      IS NULL OR $2 -> 'session'      ? session_id::text)
           AND held_on BETWEEN coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity')
    )
    """

SESSION_HELD = Fact(
    tables=("learning_event", "programme_period", "project_year", "session_held"),
    dimensions=(PROJECT_YEAR, PROGRAMME_PERIOD, KIND, SERIES, WORKSTREAM, SESSION, MONTH),
    queries=(ABOUT, HELD),
)
