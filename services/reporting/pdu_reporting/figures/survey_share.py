"""Which part of the respondents chose an option."""

from pdu_reporting.facts.surveyed import OPTION, QUESTION, SURVEY
from pdu_reporting.figure import SUBMITTED, Figure, Filter, Kind, Unit

SURVEY_SHARE = Figure(
    name="survey_share",
    statement="Per cent of the responses that chose an option of a question: among those that"
    " answered the question (base answered), or among all responses to the survey (base"
    " respondents). Where several options can be chosen, rows do not add up to 100.",
    unit=Unit.PERCENT,
    fact=SURVEY,
    more=(QUESTION, OPTION),
    days=SUBMITTED,
    filters=(Filter("base", Kind.CHOICE, codes=("answered", "respondents")),),
    needs=("question_code", "option_code"),
    sql="""
        SELECT whole.what || ARRAY[part.question, option] AS cut,
               coalesce(numerator, 0) AS numerator, denominator
          FROM (SELECT what, question, count(DISTINCT response_id) AS denominator
                  FROM answered
                 WHERE $2 ->> 'base' = 'answered'
                 GROUP BY what, question
                 UNION ALL
                SELECT what, NULL, count(*)
                  FROM responded
                 WHERE $2 ->> 'base' = 'respondents'
                 GROUP BY what) AS whole
          LEFT JOIN (SELECT what, question, option, count(DISTINCT response_id) AS numerator
                       FROM answered
                      WHERE chosen
                      GROUP BY what, question, option) AS part
            ON part.what = whole.what
           AND (whole.question IS NULL OR whole.question = part.question)
         WHERE numerator > 0 OR NOT $1 ?| '{question_code,option_code}'
         ORDER BY cut
        """,
)
