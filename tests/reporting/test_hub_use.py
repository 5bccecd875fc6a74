"""Whether those who come to sessions have an account of the hub, and use it."""

from uuid import uuid4

import telling


async def test_accounts_and_their_use_among_those_who_came(take, share):
    year = telling.project_year()
    uses, has, neither = uuid4(), uuid4(), uuid4()
    under_another_id = telling.merged(kept_id=uses)
    await take(
        year,
        *(
            telling.attendance(person_id=one, held_on=year.starts_on, sector=sector)
            for one, sector in ((uses, "voluntary"), (has, "voluntary"), (neither, "statutory"))
        ),
        telling.member(person_id=under_another_id.merged_id),
        telling.member(person_id=has),
        telling.activity(person_id=under_another_id.merged_id),
        telling.activity(person_id=uuid4()),
    )
    asked = {"project_year": year.code}
    assert await share("attendees_with_account", **asked) == (33.33, 1, 3)
    await take(under_another_id)
    assert await share("attendees_with_account", **asked) == (66.67, 2, 3)
    assert await share("attendees_using_hub", **asked) == (33.33, 1, 3)
    assert await share("attendees_using_hub", **asked, sector="statutory") == (0.0, 0, 1)
