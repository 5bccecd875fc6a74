"""Programmes and funders: a day belongs to one of them at most."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.steering import ProgrammePeriodDefined

PROGRAMME_PERIOD = Projection(
    name="programme_period",
    hears=(ProgrammePeriodDefined,),
    table="""
        CREATE TABLE programme_period (
            programme_period_id uuid   PRIMARY KEY,
            code                text   NOT NULL,
            label               text   NOT NULL,
            starts_on           date   NOT NULL,
            ends_on             date,
            sequence            bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO programme_period AS kept (
               programme_period_id, code, label, starts_on, ends_on, sequence)
        SELECT DISTINCT ON (programme_period_id)
               programme_period_id, code, label, starts_on, ends_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (programme_period_id uuid, code text, label text,
                        starts_on date, ends_on date)
         ORDER BY programme_period_id, sequence DESC
            ON CONFLICT (programme_period_id) DO UPDATE
           SET code                = excluded.code,
               label               = excluded.label,
               starts_on           = excluded.starts_on,
               ends_on             = excluded.ends_on,
               sequence            = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
