"""Communities of Practice on a day: where they are in their life, and what should make one look."""

from pdu_reporting.facts.persons import SAME_PERSON
from pdu_reporting.figure import SERIES, WORKSTREAM, Dimension, Fact
from pdu_shared.contracts.vocabulary import CommunityState

LIFE = """
    turnout AS (
        SELECT series, people, row_number() OVER (PARTITION BY series
                                                      ORDER BY held_on DESC, session_id) AS ago
          FROM (SELECT series, session_id, held_on,
                       count(DISTINCT coalesce(kept_id, person_id)) AS people
                  FROM attendance
                  JOIN learning_event USING (learning_event_id)
                  LEFT JOIN same_person USING (person_id)
                 WHERE attendance.state IN ('present', 'partial')
                   AND held_on <= coalesce($4::date, 'infinity')
                 GROUP BY series, session_id, held_on) AS each_session
    ),
    falling AS (
        SELECT series
          FROM turnout
         GROUP BY series
        HAVING min(people) FILTER (WHERE ago = 3) > max(people) FILTER (WHERE ago < 3)
    ),
    announced AS (
        SELECT series, max(starts_on) AS last_on
          FROM session
          JOIN learning_event USING (learning_event_id)
         WHERE learning_event_id NOT IN (SELECT learning_event_id
                                           FROM event_called_off
                                          WHERE called_off)
         GROUP BY series
    ),
    convened AS (
        SELECT community_id, max(convenor_until) AS until
          FROM community_convenor
         GROUP BY community_id
    ),
    community_life AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'series'     THEN key        END,
                     CASE WHEN $1 ? 'workstream'        THEN workstream END,
                     CASE WHEN $1 ? 'community_state'   THEN stage      END
               ] AS what,
               array_remove(ARRAY[
                   CASE WHEN key IN (SELECT series FROM falling)   THEN 'falling_turnout' END,
                   CASE WHEN until < day OR until IS NULL          THEN 'no_convenor'     END,
                   CASE WHEN last_on <= day OR last_on IS NULL     THEN 'no_next_date'    END
               ], NULL) AS signals,
               stage
          FROM community
          LEFT JOIN (SELECT community_id, state AS newest FROM community_state) AS told
         USING (community_id)
          LEFT JOIN announced ON announced.series = key
          LEFT JOIN convened USING (community_id)
         CROSS JOIN LATERAL (SELECT coalesce(newest, state),
                                    coalesce($4::date, (now() AT TIME ZONE 'Europe/London')::date)
                            ) AS here (stage, day)
         WHERE $3::date IS NULL
           AND ($2::jsonb -> 'series'       IS NULL OR $2 -> 'series'          ? key)
           AND ($2 -> 'workstream'          IS NULL OR $2 -> 'workstream'      ? workstream)
           AND ($2 -> 'community_state'     IS NULL OR $2 -> 'community_state' ? stage)
    )
    """

COMMUNITY_LIFE = Fact(
    tables=(
        "attendance", "community", "community_convenor", "community_state", "event_called_off",
        "learning_event", "person_alias", "session",
    ),
    dimensions=(
        SERIES, WORKSTREAM, Dimension("community_state", codes=tuple(CommunityState)),
    ),
    queries=(SAME_PERSON, LIFE),
)  # fmt: skip
"""`community_life`: one row for each community. Its state and its convenors are those of now."""
