"""Why nobody comes from an organisation: the reasons that it gave last."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.organisation import AbsenceExplained

ORGANISATION_ABSENCE = Projection(
    name="organisation_absence",
    hears=(AbsenceExplained,),
    table="""
        CREATE TABLE organisation_absence (
            organisation_id uuid   PRIMARY KEY,
            reasons         text[] NOT NULL,
            asked_on        date   NOT NULL,
            sequence        bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO organisation_absence AS kept (organisation_id, reasons, asked_on, sequence)
        SELECT DISTINCT ON (organisation_id)
               organisation_id, reasons, asked_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (organisation_id uuid, reasons text[], asked_on date)
         ORDER BY organisation_id, sequence DESC
            ON CONFLICT (organisation_id) DO UPDATE
           SET reasons  = excluded.reasons,
               asked_on = excluded.asked_on,
               sequence = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
