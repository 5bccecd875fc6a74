"""Ids that stand for another: persons with two ids, organisations under two names or records."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.message import Message
from pdu_shared.contracts.resources.member import PersonMerged, PersonUnmerged
from pdu_shared.contracts.resources.organisation import OrganisationMerged, OrganisationUnmerged


def _alias(name: str, merged: type[Message], unmerged: type[Message]) -> Projection:
    """Which id is kept for which; the last word about an id counts."""
    return Projection(
        name=name,
        hears=(merged, unmerged),
        table=f"""
        CREATE TABLE {name} (
            merged_id uuid    PRIMARY KEY,
            kept_id   uuid    NOT NULL,
            merged    boolean NOT NULL,  -- false where that was taken back
            sequence  bigint  NOT NULL
        )
        """,
        fold=f"""
        INSERT INTO {name} AS kept (merged_id, kept_id, merged, sequence)
        SELECT DISTINCT ON (merged_id)
               merged_id, kept_id, routing_key = '{merged.routing_key()}', sequence
          FROM heard,
               jsonb_to_record(data) AS told (merged_id uuid, kept_id uuid)
         ORDER BY merged_id, sequence DESC
            ON CONFLICT (merged_id) DO UPDATE
           SET kept_id  = excluded.kept_id,
               merged   = excluded.merged,
               sequence = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,  # noqa: S608 - the text is our own
        indexes=f"CREATE INDEX {name}_kept ON {name} (kept_id)",
    )


PERSON_ALIAS = _alias("person_alias", PersonMerged, PersonUnmerged)
ORGANISATION_ALIAS = _alias("organisation_alias", OrganisationMerged, OrganisationUnmerged)
