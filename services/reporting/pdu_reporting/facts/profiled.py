"""Who answered a survey beside who came: their sectors and work fields."""

from pdu_reporting.facts.persons import SAME_PERSON
from pdu_reporting.facts.surveyed import LEARNING_EVENT, SURVEY_KEY, WAVE
from pdu_reporting.figure import Dimension, Fact

PROFILED = """
    profiled AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'sector' THEN sector     END,
                     CASE WHEN $1 ? 'work_field'    THEN work_field END] AS cut,
               ($2::jsonb -> 'sector' IS NULL OR $2 -> 'sector'     ? sector)
           AND ($2 -> 'work_field'    IS NULL OR $2 -> 'work_field' ? work_field) AS chosen,
               people
          FROM (SELECT 'respondents' AS people, sector, work_field
                  FROM survey_response
                 WHERE NOT withdrawn
                   AND ($2::jsonb -> 'survey_key' IS NULL OR $2 -> 'survey_key' ? survey_key)
                   AND ($2 -> 'wave'              IS NULL OR $2 -> 'wave'       ? wave)
                   AND ($2 -> 'learning_event'    IS NULL
                        OR $2 -> 'learning_event' ? learning_event_id::text)
                 UNION ALL
                (SELECT DISTINCT ON (coalesce(kept_id, person_id))
                        'attendees', sector, work_field
                   FROM attendance
                   LEFT JOIN same_person USING (person_id)
                  WHERE state IN ('present', 'partial')
                    AND ($2 -> 'learning_event'   IS NULL
                         OR $2 -> 'learning_event' ? learning_event_id::text)
                    AND held_on BETWEEN coalesce($3::date, '-infinity')
                                    AND coalesce($4::date, 'infinity')
                  ORDER BY coalesce(kept_id, person_id), held_on DESC, attendance_id)) AS person
         WHERE (sector IS NOT NULL OR NOT ($1 ? 'sector' OR $2 ? 'sector'))
           AND (work_field IS NOT NULL OR NOT ($1 ? 'work_field' OR $2 ? 'work_field'))
    )
    """

PROFILE = Fact(
    tables=("attendance", "person_alias", "survey_response"),
    dimensions=(Dimension("sector"), Dimension("work_field")),
    queries=(SAME_PERSON, PROFILED),
)
"""`profiled`: one row for each respondent who said so, and each person who came, as they were the
last time."""
ABOUT_SURVEYS = (SURVEY_KEY, WAVE, LEARNING_EVENT)
