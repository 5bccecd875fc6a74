"""Meetings of the steering group that were held."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.steering import SteeringMeetingHeld

STEERING_MEETING = Projection(
    name="steering_meeting",
    hears=(SteeringMeetingHeld,),
    table="""
        CREATE TABLE steering_meeting (
            meeting_id uuid   PRIMARY KEY,
            held_on    date   NOT NULL,
            members    int    NOT NULL,
            present    int    NOT NULL,
            apologies  int    NOT NULL,
            sequence   bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO steering_meeting AS kept (
               meeting_id, held_on, members, present, apologies, sequence)
        SELECT DISTINCT ON (meeting_id)
               meeting_id, held_on, members, present, apologies, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (meeting_id uuid, held_on date, members int, present int,
                        apologies int)
         ORDER BY meeting_id, sequence DESC
            ON CONFLICT (meeting_id) DO UPDATE
           SET held_on    = excluded.held_on,
               members    = excluded.members,
               present    = excluded.present,
               apologies  = excluded.apologies,
               sequence   = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
