"""Texts that were read with the code book, and the themes that each has now."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.voice import ThemeCoded

TEXT_THEME = Projection(
    name="text_theme",
    hears=(ThemeCoded,),
    table="""
        CREATE TABLE text_theme (
            text_id          uuid   PRIMARY KEY,
            survey_key       text,
            wave             text,
            question_code    text,
            respondent_group text,
            themes           text[] NOT NULL,
            coder_role       text   NOT NULL,
            coded_on         date   NOT NULL,
            sequence         bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO text_theme AS kept (
               text_id, survey_key, wave, question_code, respondent_group, themes, coder_role,
               coded_on, sequence)
        SELECT DISTINCT ON (text_id)
               text_id, survey_key, wave, question_code, respondent_group, themes, coder_role,
               coded_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (text_id uuid, survey_key text, wave text, question_code text,
                        respondent_group text, themes text[], coder_role text, coded_on date)
         ORDER BY text_id, sequence DESC
            ON CONFLICT (text_id) DO UPDATE
           SET survey_key       = excluded.survey_key,
               wave             = excluded.wave,
               question_code    = excluded.question_code,
               respondent_group = excluded.respondent_group,
               themes           = excluded.themes,
               coder_role       = excluded.coder_role,
               coded_on         = excluded.coded_on,
               sequence         = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
