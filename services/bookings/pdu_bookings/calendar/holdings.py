"""What calendars keep about people."""

from pdu_shared.holding import Holding

HOLDINGS = (
    Holding(
        table="calendar_feed",
        words="The secret address of your own calendar",
        copy="SELECT made_at FROM calendar_feed WHERE person_id = ANY ($1::uuid[])",
        forget="DELETE FROM calendar_feed WHERE person_id = ANY ($1::uuid[])",
    ),
)
