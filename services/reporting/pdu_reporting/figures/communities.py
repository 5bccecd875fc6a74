"""Communities of Practice, and signs that one may not last."""

from pdu_reporting.facts.community_life import COMMUNITY_LIFE
from pdu_reporting.figure import UP_TO, Dimension, Figure

COMMUNITIES = Figure(
    name="communities",
    statement="Communities of Practice, by where they are in their life now.",
    fact=COMMUNITY_LIFE,
    of_things=True,
    days=UP_TO,
    sql="SELECT what AS cut, count(*) AS value FROM community_life GROUP BY what ORDER BY cut",
)

COMMUNITY_SIGNALS = Figure(
    name="community_signals",
    statement="Communities of Practice that are forming or active, with a sign that they may not"
    " last: fewer came to each of the last two sessions than to the one before (falling_turnout),"
    " nobody has promised to convene on the day of `as_of`, or today (no_convenor), no session is"
    " announced after it (no_next_date). One can have several signs: rows do not add up.",
    fact=COMMUNITY_LIFE,
    of_things=True,
    without=("community_state",),
    more=(Dimension("signal", codes=("falling_turnout", "no_convenor", "no_next_date")),),
    always_by=("signal",),
    days=UP_TO,
    sql="""
        SELECT what || signal AS cut, count(*) AS value
          FROM community_life
         CROSS JOIN LATERAL unnest(signals) AS signal
         WHERE stage IN ('forming', 'active')
           AND ($2 -> 'signal' IS NULL OR $2 -> 'signal' ? signal)
         GROUP BY what, signal
         ORDER BY cut
        """,
)
