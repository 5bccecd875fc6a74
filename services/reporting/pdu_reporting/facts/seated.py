"""Seats in the steering group that are taken on a day."""

from pdu_reporting.figure import Dimension, Fact

SEATED = """
    seated AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'seat_kind' THEN seat_kind  END,
                     CASE WHEN $1 ? 'sector'           THEN sector     END,
                     CASE WHEN $1 ? 'role_level'       THEN role_level END
               ] AS cut,
               organisation_id
          FROM steering_seat
         WHERE coalesce($4::date, (now() AT TIME ZONE 'Europe/London')::date)
               BETWEEN starts_on AND coalesce(ends_on, 'infinity')
           AND $3::date IS NULL
           AND ($2::jsonb -> 'seat_kind' IS NULL OR $2 -> 'seat_kind' ? seat_kind)
           AND ($2 -> 'sector'           IS NULL OR $2 -> 'sector'    ? sector)
           AND ($2 -> 'role_level'       IS NULL OR $2 -> 'role_level' ? role_level)
    )
    """

SEAT = Fact(
    tables=("steering_seat",),
    dimensions=(
        Dimension(
            "seat_kind", codes=("organisation", "lived_experience", "pdu_staff", "independent")
        ),
        Dimension("sector"),
        Dimension("role_level"),
    ),
    queries=(SEATED,),
)
"""Of seats for lived experience neither sector nor role level is told."""
