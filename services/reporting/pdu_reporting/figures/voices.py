"""Themes of what people wrote, and what became of what they said."""

from pdu_reporting.facts.voiced import SAID, TEXT
from pdu_reporting.figure import Dimension, Figure, Filter, Kind, Unit

THEME_SHARE = Figure(
    name="theme_share",
    statement="Per cent of the texts that were coded which have a theme. A text can have several:"
    " rows do not add up to 100.",
    unit=Unit.PERCENT,
    fact=TEXT,
    more=(Dimension("theme"),),
    always_by=("theme",),
    days=(Filter("coded_from", Kind.DAY), Filter("coded_to", Kind.DAY)),
    sql="""
        SELECT whole.what || theme AS cut, numerator, denominator
          FROM (SELECT what, count(*) AS denominator FROM coded GROUP BY what) AS whole
          JOIN (SELECT what, theme, count(*) AS numerator
                  FROM coded CROSS JOIN LATERAL unnest(themes) AS theme
                 WHERE $2 -> 'theme' IS NULL OR $2 -> 'theme' ? theme
                 GROUP BY what, theme) AS part ON part.what = whole.what
         ORDER BY cut
        """,
)

YOU_SAID = Figure(
    name="you_said",
    statement="What people said that is to be answered, by how far it has come: up to fed_back,"
    " when those who said it heard what was done.",
    of_things=True,
    fact=SAID,
    days=(Filter("said_from", Kind.DAY), Filter("said_to", Kind.DAY)),
    sql="SELECT cut, count(*) AS value FROM heard GROUP BY cut ORDER BY cut",
)
