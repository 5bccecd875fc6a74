"""Which part of those who were asked answered a survey, and what became of the invitations."""

from pdu_reporting.facts.surveyed import ABOUT_RESPONDENTS, SURVEY
from pdu_reporting.figure import NO_DAYS, SUBMITTED, Dimension, Figure, Unit

RESPONSE_RATE = Figure(
    name="response_rate",
    statement="Per cent: responses to a survey divided by the invitations that were delivered."
    " Answers through open links are not among them.",
    unit=Unit.PERCENT,
    fact=SURVEY,
    without=ABOUT_RESPONDENTS,
    days=NO_DAYS,
    sql="""
        SELECT what AS cut, coalesce(responses, 0) AS numerator,
               coalesce(delivered, 0) AS denominator
          FROM (SELECT what, count(*) AS responses
                  FROM responded
                 WHERE channel IS NULL
                 GROUP BY what) AS came_back
          FULL JOIN (SELECT what, count(*) AS delivered
                       FROM invited
                      WHERE state = 'sent'
                      GROUP BY what) AS gone_out USING (what)
         ORDER BY cut
        """,
)

RESPONSE_RATE_OF_INVITED = Figure(
    name="response_rate_of_invited",
    statement="Per cent: responses to a survey divided by all its invitations, delivered or not."
    " Answers through open links are not among them.",
    unit=Unit.PERCENT,
    fact=SURVEY,
    without=ABOUT_RESPONDENTS,
    days=NO_DAYS,
    sql="""
        SELECT what AS cut, coalesce(responses, 0) AS numerator,
               coalesce(invitations, 0) AS denominator
          FROM (SELECT what, count(*) AS responses
                  FROM responded
                 WHERE channel IS NULL
                 GROUP BY what) AS came_back
          FULL JOIN (SELECT what, count(*) AS invitations
                       FROM invited
                      GROUP BY what) AS asked USING (what)
         ORDER BY cut
        """,
)

SURVEY_INVITATIONS = Figure(
    name="survey_invitations",
    statement="Invitations to surveys by how far they came: requested are all of them, sent those"
    " that were delivered, bounced those that came back, started the responses that were begun,"
    " submitted those of them that were submitted. Rows do not add up.",
    fact=SURVEY,
    more=(Dimension("state", codes=("requested", "sent", "bounced", "started", "submitted")),),
    without=ABOUT_RESPONDENTS,
    always_by=("state",),
    days=NO_DAYS,
    sql="""
        SELECT what || stage AS cut, count(*) AS value
          FROM (SELECT what, unnest(CASE state WHEN 'requested' THEN '{requested}'
                                               ELSE ARRAY['requested', state] END) AS stage
                  FROM invited
                 UNION ALL
                SELECT what, 'started'
                  FROM started
                 UNION ALL
                SELECT what, 'submitted'
                  FROM responded
                 WHERE channel IS NULL) AS each_step
         WHERE $2 -> 'state' IS NULL OR $2 -> 'state' ? stage
         GROUP BY what, stage
         ORDER BY cut
        """,
)

SURVEY_CONSENT = Figure(
    name="survey_consent",
    statement="Per cent of the responses whose people agreed to more than the evaluation: that they"
    " are quoted, or that their answers are linked. Whoever does not agree to the evaluation is"
    " not kept, and imported responses do not say.",
    unit=Unit.PERCENT,
    fact=SURVEY,
    more=(Dimension("agreed_to", codes=("link", "quote")),),
    always_by=("agreed_to",),
    days=SUBMITTED,
    sql="""
        SELECT what || purpose AS cut, count(*) FILTER (WHERE agreed) AS numerator,
               count(*) AS denominator
          FROM responded
         CROSS JOIN LATERAL (VALUES ('link', may_link), ('quote', may_quote))
               AS asked (purpose, agreed)
         WHERE agreed IS NOT NULL
           AND ($2 -> 'agreed_to' IS NULL OR $2 -> 'agreed_to' ? purpose)
         GROUP BY what, purpose
         ORDER BY cut
        """,
)
