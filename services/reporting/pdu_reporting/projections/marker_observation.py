"""Progress markers that were seen, or looked for in vain."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.outcome import ProgressMarkerObserved

MARKER_OBSERVATION = Projection(
    name="marker_observation",
    hears=(ProgressMarkerObserved,),
    table="""
        CREATE TABLE marker_observation (
            observation_id uuid    PRIMARY KEY,
            marker_id      uuid    NOT NULL,
            partner        text    NOT NULL,
            level          text    NOT NULL,
            seen           boolean NOT NULL,
            evidence       text    NOT NULL,
            observed_on    date    NOT NULL,
            sequence       bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO marker_observation AS kept (
               observation_id, marker_id, partner, level, seen, evidence, observed_on, sequence)
        SELECT DISTINCT ON (observation_id)
               observation_id, marker_id, partner, level, seen, evidence, observed_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (observation_id uuid, marker_id uuid, partner text, level text,
                        seen boolean, evidence text, observed_on date)
         ORDER BY observation_id, sequence DESC
            ON CONFLICT (observation_id) DO UPDATE
           SET marker_id      = excluded.marker_id,
               partner        = excluded.partner,
               level          = excluded.level,
               seen           = excluded.seen,
               evidence       = excluded.evidence,
               observed_on    = excluded.observed_on,
               sequence       = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
