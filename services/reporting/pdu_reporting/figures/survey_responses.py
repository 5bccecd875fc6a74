"""How many people answered a survey, and how many a question of it."""

from pdu_reporting.facts.surveyed import OPTION, QUESTION, SUBMITTED_BY, SURVEY
from pdu_reporting.figure import SUBMITTED, Figure

SURVEY_RESPONSES = Figure(
    name="survey_responses",
    statement="Different responses to surveys; with a question or an option, those that answered"
    " it or chose it.",
    fact=SURVEY,
    more=(QUESTION, OPTION),
    days=SUBMITTED,
    behind=SUBMITTED_BY,
    adds_up=False,
    sql="""
        SELECT what || ARRAY[question, option] AS cut, count(DISTINCT response_id) AS value
          FROM answered
         WHERE chosen
           AND ($1 ?| '{question_code,option_code}' OR $2 ?| '{question_code,option_code}')
         GROUP BY what, question, option
         UNION ALL
        SELECT what || '{NULL,NULL}', count(*)
          FROM responded
         WHERE NOT ($1 ?| '{question_code,option_code}' OR $2 ?| '{question_code,option_code}')
         GROUP BY what
         ORDER BY cut
        """,
)

QUESTION_RESPONSES = Figure(
    name="question_responses",
    statement="Different responses that answered a question. Somebody who chose three options is"
    " one response.",
    fact=SURVEY,
    more=(QUESTION, OPTION),
    days=SUBMITTED,
    behind=SUBMITTED_BY,
    adds_up=False,
    needs=("question_code",),
    sql="""
        SELECT what || ARRAY[question, option] AS cut, count(DISTINCT response_id) AS value
          FROM answered
         WHERE chosen
         GROUP BY what, question, option
         ORDER BY cut
        """,
)
