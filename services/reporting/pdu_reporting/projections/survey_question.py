"""The questions that surveys ask, in the words of their newest version."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.survey import QuestionVersioned

SURVEY_QUESTION = Projection(
    name="survey_question",
    hears=(QuestionVersioned,),
    table="""
        CREATE TABLE survey_question (
            question_id uuid    PRIMARY KEY,
            code        text    NOT NULL,
            version     integer NOT NULL,
            type        text    NOT NULL,
            wording     text    NOT NULL,
            options     text[]  NOT NULL,  -- their codes
            labels      text[]  NOT NULL,  -- how they are worded, in the same order
            sequence    bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO survey_question AS kept (
               question_id, code, version, type, wording, options, labels, sequence)
        SELECT DISTINCT ON (question_id)
               question_id, code, version, type, wording,
               ARRAY(SELECT option ->> 'code' FROM jsonb_array_elements(options) AS option),
               ARRAY(SELECT option ->> 'label' FROM jsonb_array_elements(options) AS option),
               sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (question_id uuid, code text, version integer, type text, wording text,
                        options jsonb)
         ORDER BY question_id, sequence DESC
            ON CONFLICT (question_id) DO UPDATE
           SET code     = excluded.code,
               version  = excluded.version,
               type     = excluded.type,
               wording  = excluded.wording,
               options  = excluded.options,
               labels   = excluded.labels,
               sequence = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
