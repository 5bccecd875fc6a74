"""Responses to surveys: one for each, as it was submitted last."""

from datetime import date
from uuid import uuid4

import telling
from bus import arrived


async def test_a_response_says_who_answered_as_far_as_they_agreed(take, kept):
    linked = telling.submitted(
        telling.answered(), sector="voluntary", work_field="mental_health", person_id=uuid4(),
        learning_event_id=uuid4(), submitted_on=date(2198, 5, 6),
    )  # fmt: skip
    nobody = telling.submitted()
    await take(linked, nobody)
    assert await kept("survey_response", response_id=linked.response_id) == [
        {
            "response_id": linked.response_id,
            "survey_key": "core",
            "wave": "2199",
            "learning_event_id": linked.learning_event_id,
            "person_id": linked.person_id,
            "sector": "voluntary",
            "work_field": "mental_health",
            "channel": None,
            "may_quote": None,
            "may_link": None,
            "withdrawn": False,
            "submitted_on": date(2198, 5, 6),
            "sequence": 1,
        }
    ]
    [row] = await kept("survey_response", response_id=nobody.response_id)
    assert {row[name] for name in ("person_id", "sector", "work_field", "learning_event_id")} == {
        None
    }


async def test_who_submits_again_is_one_response_as_they_said_last(take, kept):
    first = telling.submitted(sector="voluntary")
    again = first.model_copy(update={"sector": "statutory"})
    early, late = arrived(first), arrived(again)
    await take(late)
    await take(early, late)
    rows = await kept("survey_response", response_id=first.response_id)
    assert [row["sector"] for row in rows] == ["statutory"]
