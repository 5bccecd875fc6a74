"""What people wrote, by theme; and what they said, by what came of it."""

from pdu_reporting.figure import WORKSTREAM, Dimension, Fact
from pdu_shared.contracts.resources.change import SaidState

READ = """
    coded AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'survey_key' THEN survey_key    END,
                     CASE WHEN $1 ? 'wave'              THEN wave          END,
                     CASE WHEN $1 ? 'question_code'     THEN question_code END,
                     CASE WHEN $1 ? 'respondent_group'  THEN respondent_group END] AS what,
               text_id, themes
          FROM text_theme
         WHERE ($2::jsonb -> 'survey_key' IS NULL OR $2 -> 'survey_key'    ? survey_key)
           AND ($2 -> 'wave'              IS NULL OR $2 -> 'wave'          ? wave)
           AND ($2 -> 'question_code'     IS NULL OR $2 -> 'question_code' ? question_code)
           AND ($2 -> 'respondent_group'  IS NULL OR $2 -> 'respondent_group' ? respondent_group)
           AND themes <> '{}'
           AND coded_on BETWEEN coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity')
    )
    """

HEARD = """
    heard AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'workstream' THEN workstream              END,
                     CASE WHEN $1 ? 'learning_event'    THEN learning_event_id::text END,
                     CASE WHEN $1 ? 'state'             THEN state                   END
               ] AS cut
          FROM said_item
         WHERE ($2::jsonb -> 'workstream' IS NULL OR $2 -> 'workstream' ? workstream)
           AND ($2 -> 'learning_event' IS NULL OR $2 -> 'learning_event' ? learning_event_id::text)
           AND ($2 -> 'state'          IS NULL OR $2 -> 'state'          ? state)
           AND said_on BETWEEN coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity')
    )
    """

TEXT = Fact(
    tables=("text_theme",),
    dimensions=(
        Dimension("survey_key"), Dimension("wave"), Dimension("question_code"),
        Dimension("respondent_group"),
    ),
    queries=(READ,),
)  # fmt: skip
"""Texts with at least one theme: one that lost them all was taken back, or means nothing here."""

SAID = Fact(
    tables=("said_item",),
    dimensions=(
        WORKSTREAM, Dimension("learning_event"), Dimension("state", codes=tuple(SaidState)),
    ),
    queries=(HEARD,),
)  # fmt: skip
