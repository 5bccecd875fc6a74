"""What was done to evaluate, and with how many people."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.outcome import EvaluationActivityLogged

EVALUATION_ACTIVITY = Projection(
    name="evaluation_activity",
    hears=(EvaluationActivityLogged,),
    table="""
        CREATE TABLE evaluation_activity (
            evaluation_id      uuid    PRIMARY KEY,
            method             text    NOT NULL,
            participants_count integer NOT NULL,
            starts_on          date    NOT NULL,
            ends_on            date    NOT NULL,
            sequence           bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO evaluation_activity AS kept (
               evaluation_id, method, participants_count, starts_on, ends_on, sequence)
        SELECT DISTINCT ON (evaluation_id)
               evaluation_id, method, participants_count, starts_on, ends_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (evaluation_id uuid, method text, participants_count integer,
                        starts_on date, ends_on date)
         ORDER BY evaluation_id, sequence DESC
            ON CONFLICT (evaluation_id) DO UPDATE
           SET method             = excluded.method,
               participants_count = excluded.participants_count,
               starts_on          = excluded.starts_on,
               ends_on            = excluded.ends_on,
               sequence           = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
