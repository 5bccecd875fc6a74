"""What people meant to do and to pass on, and what they did: of those who agreed to be linked."""

from pdu_reporting.facts.persons import SAME_PERSON
from pdu_reporting.figure import Dimension, Fact
from pdu_shared.contracts.resources.change import ActionState

MEANT = """
    meant AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'learning_event' THEN learning_event_id::text END,
                     CASE WHEN $1 ? 'state'                 THEN state                   END
               ] AS cut,
               state
          FROM intended_action
         WHERE NOT withdrawn
           AND ($2::jsonb -> 'learning_event' IS NULL
                OR $2 -> 'learning_event' ? learning_event_id::text)
           AND ($2 -> 'state' IS NULL OR $2 -> 'state' ? state)
           AND intended_on BETWEEN coalesce($3::date, '-infinity')
                               AND coalesce($4::date, 'infinity')
    )
    """

PASSED_ON = """
    said AS (
        SELECT coalesce(kept_id, person_id) AS person_id, learning_event_id, question_code,
               option_code, submitted_on
          FROM survey_response
          JOIN survey_answer USING (response_id, sequence)
          LEFT JOIN same_person USING (person_id)
         WHERE NOT withdrawn AND person_id IS NOT NULL AND learning_event_id IS NOT NULL
           AND question_code IN ('core.share_planned', 'fu.shared_with') AND state = 'answered'
    ),
    planned AS (
        SELECT DISTINCT ON (person_id, learning_event_id, option_code)
               ARRAY[CASE WHEN $1::jsonb ? 'learning_event' THEN learning_event_id::text END,
                     CASE WHEN $1 ? 'option_code'           THEN option_code             END
               ] AS cut,
               EXISTS (SELECT FROM said AS later
                        WHERE later.person_id = said.person_id
                          AND later.learning_event_id = said.learning_event_id
                          AND later.option_code = said.option_code
                          AND later.question_code = 'fu.shared_with') AS done
          FROM said
         WHERE question_code = 'core.share_planned'
           AND EXISTS (SELECT FROM said AS later
                        WHERE later.person_id = said.person_id
                          AND later.learning_event_id = said.learning_event_id
                          AND later.question_code = 'fu.shared_with')
           AND ($2::jsonb -> 'learning_event' IS NULL
                OR $2 -> 'learning_event' ? learning_event_id::text)
           AND ($2 -> 'option_code' IS NULL OR $2 -> 'option_code' ? option_code)
           AND submitted_on BETWEEN coalesce($3::date, '-infinity')
                                AND coalesce($4::date, 'infinity')
         ORDER BY person_id, learning_event_id, option_code
    )
    """

LEARNING_EVENT = Dimension("learning_event")

INTENTION = Fact(
    tables=("intended_action",),
    dimensions=(LEARNING_EVENT, Dimension("state", codes=tuple(ActionState))),
    queries=(MEANT,),
)

DISSEMINATION = Fact(
    tables=("person_alias", "survey_answer", "survey_response"),
    dimensions=(LEARNING_EVENT, Dimension("option_code")),
    queries=(SAME_PERSON, PASSED_ON),
)
"""`planned`: one row for each person, learning event and audience that they planned to tell, of
those who answered later whom they told."""
