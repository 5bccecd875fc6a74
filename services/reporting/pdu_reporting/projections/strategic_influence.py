"""Contributions to strategies, and whether they made a difference."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.outcome import StrategicInfluenceLogged

STRATEGIC_INFLUENCE = Projection(
    name="strategic_influence",
    hears=(StrategicInfluenceLogged,),
    table="""
        CREATE TABLE strategic_influence (
            influence_id uuid    PRIMARY KEY,
            forum        text    NOT NULL,
            strategy     text    NOT NULL,
            influenced   boolean,
            happened_on  date    NOT NULL,
            sequence     bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO strategic_influence AS kept (
               influence_id, forum, strategy, influenced, happened_on, sequence)
        SELECT DISTINCT ON (influence_id)
               influence_id, forum, strategy, influenced, happened_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (influence_id uuid, forum text, strategy text, influenced boolean,
                        happened_on date)
         ORDER BY influence_id, sequence DESC
            ON CONFLICT (influence_id) DO UPDATE
           SET forum        = excluded.forum,
               strategy     = excluded.strategy,
               influenced   = excluded.influenced,
               happened_on  = excluded.happened_on,
               sequence     = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
