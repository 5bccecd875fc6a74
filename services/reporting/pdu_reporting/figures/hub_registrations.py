"""Accounts of the hub."""

from pdu_reporting.facts.registered import REGISTERED_BY, REGISTRATION
from pdu_reporting.figure import PERIOD, UP_TO, Figure, Unit

HUB_REGISTRATIONS = Figure(
    name="hub_registrations",
    statement="Accounts of the hub that were registered up to a day. Sector and the like are as"
    " they were then.",
    fact=REGISTRATION,
    days=UP_TO,
    behind=REGISTERED_BY,
    sql="""
        SELECT what || who AS cut, count(*) AS value
          FROM registered
         WHERE chosen
         GROUP BY what, who
         ORDER BY cut
        """,
)

HUB_REGISTRATION_SHARE = Figure(
    name="hub_registration_share",
    statement="Per cent of the accounts that were registered up to a day: those of the sector, work"
    " field, role level and area asked for, or of the row, among all that are like them in"
    " everything else.",
    unit=Unit.PERCENT,
    fact=REGISTRATION,
    days=UP_TO,
    sql="""
        SELECT what || who AS cut, numerator, denominator
          FROM (SELECT what, who, count(*) FILTER (WHERE chosen) AS numerator,
                       sum(count(*)) OVER (PARTITION BY what)    AS denominator
                  FROM registered
                 GROUP BY what, who) AS part
         WHERE numerator > 0 OR NOT $1 ?| '{sector,work_field,role_level,area}'
         ORDER BY cut
        """,
)

HUB_NEW_USERS = Figure(
    name="hub_new_users",
    statement="Accounts of the hub that were registered in the period.",
    fact=REGISTRATION,
    days=PERIOD,
    behind=REGISTERED_BY,
    sql=HUB_REGISTRATIONS.sql,
)
