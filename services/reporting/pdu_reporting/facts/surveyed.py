"""Surveys: who was invited, who responded, and what they answered."""

from pdu_reporting.figure import MONTH, Dimension, Fact

SURVEY_KEY = Dimension("survey_key")
WAVE = Dimension("wave")
LEARNING_EVENT = Dimension("learning_event")
QUESTION = Dimension("question_code")
OPTION = Dimension("option_code")

INVITED = """
    invited AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'survey_key' THEN survey_key              END,
                     CASE WHEN $1 ? 'wave'              THEN wave                    END,
                     CASE WHEN $1 ? 'learning_event'    THEN learning_event_id::text END,
                     NULL, NULL, NULL] AS what,
               state
          FROM survey_invitation
         WHERE ($2::jsonb -> 'survey_key' IS NULL OR $2 -> 'survey_key' ? survey_key)
           AND ($2 -> 'wave'              IS NULL OR $2 -> 'wave'       ? wave)
           AND ($2 -> 'learning_event'    IS NULL
                OR $2 -> 'learning_event' ? learning_event_id::text)
    )
    """

RESPONDED = """
    responded AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'survey_key'     THEN survey_key              END,
                     CASE WHEN $1 ? 'wave'                  THEN wave                    END,
                     CASE WHEN $1 ? 'learning_event'        THEN learning_event_id::text END,
                     CASE WHEN $1 ? 'respondent_sector'     THEN sector                  END,
                     CASE WHEN $1 ? 'respondent_work_field' THEN work_field              END,
                     CASE WHEN $1 ? 'month'      THEN to_char(submitted_on, 'YYYY-MM')   END
               ] AS what,
               response_id, sequence, channel, may_quote, may_link
          FROM survey_response
         WHERE NOT withdrawn
           AND ($2::jsonb -> 'survey_key' IS NULL OR $2 -> 'survey_key' ? survey_key)
           AND ($2 -> 'wave'              IS NULL OR $2 -> 'wave'       ? wave)
           AND ($2 -> 'learning_event'    IS NULL
                OR $2 -> 'learning_event' ? learning_event_id::text)
           AND ($2 -> 'respondent_sector'     IS NULL OR $2 -> 'respondent_sector'     ? sector)
           AND ($2 -> 'respondent_work_field' IS NULL OR $2 -> 'respondent_work_field' ? work_field)
           AND submitted_on BETWEEN coalesce($3::date, '-infinity')
                                AND coalesce($4::date, 'infinity')
    )
    """

STARTED = """
    started AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'survey_key' THEN survey_key              END,
                     CASE WHEN $1 ? 'wave'              THEN wave                    END,
                     CASE WHEN $1 ? 'learning_event'    THEN learning_event_id::text END,
                     NULL, NULL, NULL] AS what
          FROM (SELECT response_id, survey_key, wave, learning_event_id FROM survey_start
                 UNION
                SELECT response_id, survey_key, wave, learning_event_id
                  FROM survey_response
                 WHERE NOT withdrawn AND channel IS NULL) AS begun
         WHERE ($2::jsonb -> 'survey_key' IS NULL OR $2 -> 'survey_key' ? survey_key)
           AND ($2 -> 'wave'              IS NULL OR $2 -> 'wave'       ? wave)
           AND ($2 -> 'learning_event'    IS NULL
                OR $2 -> 'learning_event' ? learning_event_id::text)
    )
    """
"""Responses of invited people that were begun: saved in part, or submitted at once."""

ANSWERED = """
    answered AS (
        SELECT what, response_id, sequence,
               CASE WHEN $1 ? 'question_code' THEN question_code END AS question,
               CASE WHEN $1 ? 'option_code'   THEN nullif(option_code, '') END AS option,
               $2 -> 'option_code' IS NULL OR $2 -> 'option_code' ? option_code AS chosen,
               rank
          FROM responded
          JOIN survey_answer USING (response_id, sequence)
         WHERE state = 'answered'
           AND ($2 -> 'question_code' IS NULL OR $2 -> 'question_code' ? question_code)
    )
    """
"""One row for each option chosen or item ranked. A response that came again counts as it came last:
what it held before has an older sequence."""

SUBMITTED_BY = """
    SELECT 'response/' || response_id AS subject, sequence
      FROM answered
     WHERE chosen
       AND ($1 ?| '{question_code,option_code}' OR $2 ?| '{question_code,option_code}')
     UNION
    SELECT 'response/' || response_id, sequence
      FROM responded
     WHERE NOT ($1 ?| '{question_code,option_code}' OR $2 ?| '{question_code,option_code}')
    """
"""The messages behind the responses."""

SURVEY = Fact(
    tables=("survey_answer", "survey_invitation", "survey_response", "survey_start"),
    dimensions=(
        SURVEY_KEY,
        WAVE,
        LEARNING_EVENT,
        Dimension("respondent_sector", scheme="sector"),
        Dimension("respondent_work_field", scheme="work_field"),
        MONTH,
    ),
    queries=(INVITED, RESPONDED, STARTED, ANSWERED),
)
ABOUT_RESPONDENTS = ("respondent_sector", "respondent_work_field", "month")
"""Dimensions that invitations do not have."""
