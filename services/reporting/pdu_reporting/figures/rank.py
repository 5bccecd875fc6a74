"""What respondents put first: the items of a ranking question."""

from pdu_reporting.facts.surveyed import OPTION, QUESTION, SURVEY
from pdu_reporting.figure import SUBMITTED, Figure, Filter, Kind, Unit

ITEMS_OFFERED = Filter("items_offered", Kind.NUMBER)

RANK_SCORE = Figure(
    name="rank_score",
    statement="Mean score of an item of a ranking question: with K items offered, the first place"
    " gives K points and the last one 1. Among those who ranked the item; how many that are differs"
    " from item to item.",
    unit=Unit.SCORE,
    fact=SURVEY,
    more=(QUESTION, OPTION),
    only_kept=("question_code",),
    always_by=("option_code",),
    days=SUBMITTED,
    filters=(ITEMS_OFFERED,),
    needs=("question_code", "items_offered"),
    one_only=("question_code",),
    sql="""
        SELECT what || ARRAY[question, option] AS cut,
               sum(($2 ->> 'items_offered')::int - rank + 1) AS numerator,
               count(*) AS denominator
          FROM answered
         WHERE chosen AND rank IS NOT NULL
         GROUP BY what, question, option
         ORDER BY cut
        """,
)

RANK_POSITION = Figure(
    name="rank_position",
    statement="Place of an item of a ranking question: one more than the number of items with a"
    " higher mean score. Numerator and denominator are those of the score.",
    unit=Unit.POSITION,
    fact=SURVEY,
    more=(QUESTION, OPTION),
    only_kept=("question_code",),
    always_by=("option_code",),
    days=SUBMITTED,
    filters=(ITEMS_OFFERED,),
    needs=("question_code", "items_offered"),
    one_only=("question_code",),
    sql="""
        SELECT what || ARRAY[question, option] AS cut, place AS value, numerator, denominator
          FROM (SELECT what, question, option, chosen, numerator, denominator,
                       rank() OVER (PARTITION BY what
                                        ORDER BY round(numerator::numeric / denominator, 12) DESC
                       ) AS place
                  FROM (SELECT what, question, option, bool_and(chosen) AS chosen,
                               sum(($2 ->> 'items_offered')::int - rank + 1) AS numerator,
                               count(*) AS denominator
                          FROM answered
                         WHERE rank IS NOT NULL
                         GROUP BY what, question, option) AS item) AS placed
         WHERE chosen
         ORDER BY cut
        """,
)
