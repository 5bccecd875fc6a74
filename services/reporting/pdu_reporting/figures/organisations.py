"""How many organisations were reached, and how many people came from each."""

from pdu_reporting.facts.sent import FROM_ORGANISATION
from pdu_reporting.figure import PERIOD, Figure

ORGANISATIONS = Figure(
    name="organisations",
    statement="How many different organisations people came from, present or partial. Names and"
    " records that are one organisation count once; rows do not add up to the total.",
    fact=FROM_ORGANISATION,
    days=PERIOD,
    adds_up=False,
    without=("organisation",),
    sql="""
        SELECT cut, count(DISTINCT organisation_id) AS value
          FROM sent
         GROUP BY cut
         ORDER BY cut
        """,
)

ATTENDANCES_BY_ORGANISATION = Figure(
    name="attendances_by_organisation",
    statement="Attendances, present or partial, of people from each organisation, under whichever"
    " of its names they came.",
    fact=FROM_ORGANISATION,
    days=PERIOD,
    always_by=("organisation",),
    sql="""
        SELECT cut, count(*) AS value
          FROM sent
         GROUP BY cut
         ORDER BY cut
        """,
)

INDIVIDUALS_BY_ORGANISATION = Figure(
    name="individuals_by_organisation",
    statement="How many different people came from each organisation, present or partial. Whoever"
    " changed from one to another counts in both.",
    fact=FROM_ORGANISATION,
    days=PERIOD,
    adds_up=False,
    always_by=("organisation",),
    sql="""
        SELECT cut, count(DISTINCT person_id) AS value
          FROM sent
         GROUP BY cut
         ORDER BY cut
        """,
)
