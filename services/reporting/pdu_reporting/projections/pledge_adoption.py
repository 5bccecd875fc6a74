"""Pledges that organisations made their own, and how far they have come."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.outcome import PledgeAdopted

PLEDGE_ADOPTION = Projection(
    name="pledge_adoption",
    hears=(PledgeAdopted,),
    table="""
        CREATE TABLE pledge_adoption (
            adoption_id     uuid   PRIMARY KEY,
            pledge          text   NOT NULL,
            organisation_id uuid   NOT NULL,
            state           text   NOT NULL,
            adopted_on      date   NOT NULL,
            sequence        bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO pledge_adoption AS kept (
               adoption_id, pledge, organisation_id, state, adopted_on, sequence)
        SELECT DISTINCT ON (adoption_id)
               adoption_id, pledge, organisation_id, state, adopted_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (adoption_id uuid, pledge text, organisation_id uuid, state text,
                        adopted_on date)
         ORDER BY adoption_id, sequence DESC
            ON CONFLICT (adoption_id) DO UPDATE
           SET pledge          = excluded.pledge,
               organisation_id = excluded.organisation_id,
               state           = excluded.state,
               adopted_on      = excluded.adopted_on,
               sequence        = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
