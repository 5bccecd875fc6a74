"""Who is new to a community, whatever else they have been to."""

from datetime import timedelta
from uuid import uuid4

import telling


async def test_who_came_to_other_sessions_is_still_new_to_a_community(take, figure):
    year = telling.project_year()
    series = telling.word("series").code
    event = telling.published(kind="cop_session", series=series)
    other = telling.published(kind="cop_session", series=telling.word("series").code)
    faithful, elsewhere = uuid4(), uuid4()
    first, second = year.starts_on, year.starts_on + timedelta(days=60)

    def came(person, day, to):
        return telling.attendance(
            person_id=person,
            held_on=day,
            learning_event_id=to.learning_event_id,
            event_kind="cop_session",
        )

    await take(
        year, event, other,
        came(faithful, first, event), came(elsewhere, first, other),
        came(faithful, second, event), came(elsewhere, second, event),
    )  # fmt: skip
    asked = {"series": series, "by": "month"}
    new = await figure("individuals_new_to_series", **asked)
    back = await figure("individuals_returning_to_series", **asked)
    assert [row["value"] for row in new] == [1, 1]
    assert [row["value"] for row in back] == [0, 1]
    [at_any] = await figure("individuals_new", series=series, period_from=second.isoformat())
    assert at_any["value"] == 0

    await take(telling.merged(kept_id=faithful, merged_id=elsewhere))
    new = await figure("individuals_new_to_series", **asked)
    assert [row["value"] for row in new] == [1, 0]
