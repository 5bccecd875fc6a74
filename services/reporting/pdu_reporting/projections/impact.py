"""Changes that were written down, as they are coded now."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.impact import (
    ImpactPublished,
    ImpactRecorded,
    ImpactVerified,
    ImpactWithdrawn,
)

IMPACT = Projection(
    name="impact",
    hears=(ImpactRecorded, ImpactVerified, ImpactPublished, ImpactWithdrawn),
    table="""
        CREATE TABLE impact (
            impact_id          uuid   PRIMARY KEY,
            state              text   NOT NULL,
            kind               text,
            level              text   NOT NULL,
            depth              text,
            contribution_class text,
            expectedness       text   NOT NULL,
            aims               text[] NOT NULL,
            hls                text[] NOT NULL,
            pie                text[] NOT NULL,
            outcomes           text[] NOT NULL,
            evidence           text[] NOT NULL,
            workstreams        text[] NOT NULL,
            organisation_id    uuid,
            learning_event_ids uuid[] NOT NULL,
            happened_on        date   NOT NULL,
            sequence           bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO impact AS kept (
               impact_id, state, kind, level, depth, contribution_class, expectedness, aims, hls,
               pie, outcomes, evidence, workstreams, organisation_id, learning_event_ids,
               happened_on, sequence)
        SELECT DISTINCT ON (impact_id)
               impact_id, state, kind, level, depth, contribution_class, expectedness, aims, hls,
               pie, outcomes, evidence, workstreams, organisation_id, learning_event_ids,
               happened_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (impact_id uuid, state text, kind text, level text, depth text,
                        contribution_class text, expectedness text, aims text[], hls text[],
                        pie text[], outcomes text[], evidence text[], workstreams text[],
                        organisation_id uuid, learning_event_ids uuid[], happened_on date)
         ORDER BY impact_id, sequence DESC
            ON CONFLICT (impact_id) DO UPDATE
           SET state              = excluded.state,
               kind               = excluded.kind,
               level              = excluded.level,
               depth              = excluded.depth,
               contribution_class = excluded.contribution_class,
               expectedness       = excluded.expectedness,
               aims               = excluded.aims,
               hls                = excluded.hls,
               pie                = excluded.pie,
               outcomes           = excluded.outcomes,
               evidence           = excluded.evidence,
               workstreams        = excluded.workstreams,
               organisation_id    = excluded.organisation_id,
               learning_event_ids = excluded.learning_event_ids,
               happened_on        = excluded.happened_on,
               sequence           = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
