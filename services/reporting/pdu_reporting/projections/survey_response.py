"""Who answered which survey, as far as they agreed to tell: one row for each response."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.survey import SurveyResponseWithdrawn, SurveySubmitted

SURVEY_RESPONSE = Projection(
    name="survey_response",
    hears=(SurveySubmitted, SurveyResponseWithdrawn),
    table="""
        CREATE TABLE survey_response (
            response_id       uuid    PRIMARY KEY,
            survey_key        text    NOT NULL,
            wave              text    NOT NULL,
            learning_event_id uuid,
            person_id         uuid,
            sector            text,
            work_field        text,
            channel           text,
            may_quote         boolean,
            may_link          boolean,
            withdrawn         boolean NOT NULL,
            submitted_on      date    NOT NULL,
            sequence          bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO survey_response AS kept (
               response_id, survey_key, wave, learning_event_id, person_id, sector, work_field,
               channel, may_quote, may_link, withdrawn, submitted_on, sequence)
        SELECT DISTINCT ON (response_id)
               response_id, survey_key, wave, learning_event_id, person_id, sector, work_field,
               channel, (consent ->> 'quote')::boolean AS may_quote,
               (consent ->> 'link')::boolean AS may_link,
               routing_key = 'resources.SurveyResponseWithdrawn' AS withdrawn,
               coalesce(submitted_on, withdrawn_on) AS submitted_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (response_id uuid, survey_key text, wave text, learning_event_id uuid,
                        person_id uuid, sector text, work_field text, channel text, consent jsonb,
                        submitted_on date, withdrawn_on date)
         ORDER BY response_id, sequence DESC
            ON CONFLICT (response_id) DO UPDATE
           SET survey_key        = excluded.survey_key,
               wave              = excluded.wave,
               learning_event_id = excluded.learning_event_id,
               person_id         = excluded.person_id,
               sector            = excluded.sector,
               work_field        = excluded.work_field,
               channel           = excluded.channel,
               may_quote         = excluded.may_quote,
               may_link          = excluded.may_link,
               withdrawn         = excluded.withdrawn,
               submitted_on      = excluded.submitted_on,
               sequence          = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
