"""What was answered in surveys: one row for each option that was chosen or ranked.

A number, a text and a question left out have one row, whose option is ''. Who submits again may
choose less: a row counts only while its sequence is that of its response.
"""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.survey import SurveySubmitted

SURVEY_ANSWER = Projection(
    name="survey_answer",
    hears=(SurveySubmitted,),
    table="""
        CREATE TABLE survey_answer (
            response_id   uuid             NOT NULL,
            question_code text             NOT NULL,
            option_code   text             NOT NULL,
            version       integer          NOT NULL,
            state         text             NOT NULL,
            rank          integer,
            number        double precision,
            sequence      bigint           NOT NULL,
            PRIMARY KEY (response_id, question_code, option_code)
        )
        """,
    fold="""
        INSERT INTO survey_answer AS kept (
               response_id, question_code, option_code, version, state, rank, number, sequence)
        SELECT DISTINCT ON (response_id, question_code, option_code)
               response_id, question_code, coalesce(option, '') AS option_code, version, state,
               rank, number, sequence
          FROM heard,
               jsonb_to_record(data) AS told (response_id uuid, answers jsonb),
               jsonb_to_recordset(answers)
               AS answer (question_code text, version integer, state text, options text[],
                          ranks jsonb, number double precision)
          LEFT JOIN LATERAL (SELECT option, NULL::integer AS rank
                               FROM unnest(options) AS option
                              UNION ALL
                             SELECT option, rank
                               FROM jsonb_to_recordset(ranks) AS item (option text, rank integer)
                    ) AS chosen ON true
         ORDER BY response_id, question_code, option_code, sequence DESC, version DESC, state,
                  rank, number
            ON CONFLICT (response_id, question_code, option_code) DO UPDATE
           SET version  = excluded.version,
               state    = excluded.state,
               rank     = excluded.rank,
               number   = excluded.number,
               sequence = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
