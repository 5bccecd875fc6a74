"""What was contributed to sessions that took place: roles, and never who."""

from pdu_reporting.facts.learning_events import ABOUT
from pdu_reporting.figure import KIND, MONTH, PROJECT_YEAR, SERIES, WORKSTREAM, Dimension, Fact
from pdu_shared.contracts.bookings.lived_experience import ContributionRole
from pdu_shared.contracts.bookings.topic_words import SpeakerRole

ROLES = tuple(dict.fromkeys([*map(str, SpeakerRole), *map(str, ContributionRole)]))

CONTRIBUTED = """
    contributed AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN year.code                 END,
                     CASE WHEN $1 ? 'kind'         THEN kind                             END,
                     CASE WHEN $1 ? 'series'       THEN series                           END,
                     CASE WHEN $1 ? 'workstream'   THEN stream                           END,
                     CASE WHEN $1 ? 'month'        THEN to_char(held_on, 'YYYY-MM')      END,
                     CASE WHEN $1 ? 'cohort'       THEN cohort                           END,
                     CASE WHEN $1 ? 'role'         THEN role                             END
               ] AS cut
          FROM contribution
          LEFT JOIN about USING (learning_event_id)
          JOIN LATERAL (SELECT min(session_held.held_on) AS held_on
                          FROM session_held
                         WHERE held
                           AND session_held.learning_event_id = contribution.learning_event_id
                           AND (contribution.session_id IS NULL
                                OR session_held.session_id = contribution.session_id)
               ) AS at_session ON held_on IS NOT NULL
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE held_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2 ? 'project_year'
         WHERE NOT withdrawn
           AND ($2 -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'kind'         IS NULL OR $2 -> 'kind'         ? kind)
           AND ($2 -> 'series'       IS NULL OR $2 -> 'series'       ? series)
           AND ($2 -> 'workstream'   IS NULL OR about.learning_event_id IS NOT NULL)
           AND ($2 -> 'cohort'       IS NULL OR $2 -> 'cohort'       ? cohort)
           AND ($2 -> 'role'         IS NULL OR $2 -> 'role'         ? role)
           AND held_on BETWEEN coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity')
    )
    """

CONTRIBUTION = Fact(
    tables=("contribution", "learning_event", "project_year", "session_held"),
    dimensions=(
        PROJECT_YEAR, KIND, SERIES, WORKSTREAM, MONTH,
        Dimension("cohort", codes=("speakers", "experts")), Dimension("role", codes=ROLES),
    ),
    queries=(ABOUT, CONTRIBUTED),
)  # fmt: skip
