"""Who people are as it counts today: what was told, unless it was recoded since."""

SCHEMES = ("sector", "work_field", "role_level", "area")


def _counts_as(scheme: str, day: str) -> str:
    """A join that gives the word that counts in place of the one that was told, if there is one."""
    asked = "'{sector,against_sector}'" if scheme == "sector" else f"'{{{scheme}}}'"
    # Asked first whether there is any, which costs nothing for each row.
    return f"""
          LEFT JOIN LATERAL (SELECT canonical_code
                               FROM recoding
                              WHERE EXISTS (SELECT
                                              FROM recoding
                                             WHERE scheme = '{scheme}' AND NOT withdrawn)
                                AND scheme = '{scheme}' AND source_code = {scheme}
                                AND NOT withdrawn
                                AND {day} BETWEEN coalesce(valid_from, '-infinity')
                                              AND coalesce(valid_to, 'infinity')
                                AND (recoding.organisation_id IS NULL
                                     OR recoding.organisation_id = told.organisation_id)
                              ORDER BY recoding.organisation_id NULLS LAST, recoding_id
                              LIMIT 1) AS as_{scheme}
            ON $1::jsonb ?| {asked} OR $2::jsonb ?| {asked}"""  # noqa: S608 - ours


def as_counted(table: str, *columns: str, day: str) -> str:
    """`<table>_as_counted`: its columns, and who its people are as it counts today."""
    who = ", ".join(f"coalesce(as_{one}.canonical_code, {one}) AS {one}" for one in SCHEMES)
    return f"""
    {table}_as_counted AS (
        SELECT {", ".join((*columns, day, "told.sequence"))}, {who}
          FROM {table} AS told{"".join(_counts_as(one, day) for one in SCHEMES)}
    )
    """  # noqa: S608 - ours


ATTENDANCE_AS_COUNTED = as_counted(
    "attendance",
    "attendance_id",
    "session_id",
    "learning_event_id",
    "event_kind",
    "person_id",
    "state",
    day="held_on",
)
MEMBER_AS_COUNTED = as_counted("member", "person_id", day="registered_on")
BOOKING_AS_COUNTED = as_counted(
    "booking", "booking_id", "learning_event_id", "session_ids", "heard_about", day="booked_on"
)
HISTORY_BOOKING_AS_COUNTED = as_counted(
    "history_booking",
    "attendance_id",
    "booking_id",
    "learning_event_id",
    "session_id",
    "heard_about",
    day="booked_on",
)
