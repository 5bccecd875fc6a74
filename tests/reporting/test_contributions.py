"""Contributions are counted apart from attendances, at sessions that took place."""

import telling
import telling_community
from pdu_shared.contracts.bookings.topic import SpeakerWithdrew


async def test_contributions_count_once_their_session_was_held(take, figure):
    year = telling.project_year()
    held, never_held = telling.held(held_on=year.starts_on), telling.held(held_on=year.starts_on)
    withdrew = telling_community.speaking(held)
    await take(
        year, held,
        telling_community.speaking(held), telling_community.speaking(held, role="facilitator"),
        telling_community.speaking(never_held), withdrew, telling_community.expert(held),
        telling_community.speaking(held, SpeakerWithdrew, assignment_id=withdrew.assignment_id),
    )  # fmt: skip
    asked = {"project_year": year.code}
    rows = await figure("contributions", **asked, by="cohort")
    assert {row["cohort"]: row["value"] for row in rows} == {"speakers": 2, "experts": 1}
    [row] = await figure("contributions", **asked, role="facilitator")
    assert row["value"] == 1
    assert (await figure("attendances", **asked)) == [{"value": 0}]
