"""Responses that were begun, whether they were submitted later or not."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.survey import SurveyStarted

SURVEY_START = Projection(
    name="survey_start",
    hears=(SurveyStarted,),
    table="""
        CREATE TABLE survey_start (
            response_id       uuid   PRIMARY KEY,
            survey_key        text   NOT NULL,
            wave              text   NOT NULL,
            learning_event_id uuid,
            channel           text,
            started_on        date   NOT NULL,
            sequence          bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO survey_start AS kept (
               response_id, survey_key, wave, learning_event_id, channel, started_on, sequence)
        SELECT DISTINCT ON (response_id)
               response_id, survey_key, wave, learning_event_id, channel, started_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (response_id uuid, survey_key text, wave text, learning_event_id uuid,
                        channel text, started_on date)
         ORDER BY response_id, sequence DESC
            ON CONFLICT (response_id) DO UPDATE
           SET survey_key        = excluded.survey_key,
               wave              = excluded.wave,
               learning_event_id = excluded.learning_event_id,
               channel           = excluded.channel,
               started_on        = excluded.started_on,
               sequence          = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
