"""What the hub keeps about what its members did there."""

from pdu_shared.holding import Holding

HOLDINGS = (
    Holding(
        table="activity",
        words="What you looked at, took with you and learned",
        copy="""
            SELECT item_key, action, happened_at
              FROM activity JOIN item USING (item_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY happened_at
            """,
        stays="Under an id that no longer leads to anybody, so that figures stay as they were.",
    ),
)
