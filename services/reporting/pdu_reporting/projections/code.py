"""The codes that messages have named so far, list by list: what a filter may ask for.

The lists belong to the services that check them; another city has others.
"""

from pdu_reporting.projections.projection import Projection
from pdu_shared.contracts.bookings import AttendanceCorrected, AttendanceRecorded, EventBooked
from pdu_shared.contracts.resources import MemberRegistered

CODE = Projection(
    name="code",
    hears=(AttendanceRecorded, AttendanceCorrected, EventBooked, MemberRegistered),
    table="""
        CREATE TABLE code (
            list text NOT NULL,
            code text NOT NULL,
            PRIMARY KEY (list, code)
        )
        """,
    fold="""
        INSERT INTO code (list, code)
        SELECT DISTINCT list, named.code
          FROM journal,
               jsonb_to_record(body::jsonb -> 'data')
               AS told (sector text, work_field text, role_level text, area text,
                        heard_about text),
               LATERAL (VALUES ('sector', sector), ('work_field', work_field),
                               ('role_level', role_level), ('area', area),
                               ('heard_about', heard_about)) AS named (list, code)
         WHERE position BETWEEN $1 AND $2 AND routing_key = ANY ($3)
           AND named.code IS NOT NULL
            ON CONFLICT DO NOTHING
        """,
)
