"""Figures of those who steer: seats, meetings, what was taken on; and figures by programme."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

import telling
from pdu_shared.contracts.resources.steering import UndertakingState


@pytest.fixture
async def programmes(take):
    """A project year in whose middle one programme follows another."""
    year = telling.project_year()
    middle = year.starts_on + timedelta(days=180)
    first = telling.programme(starts_on=year.starts_on, ends_on=middle)
    then = telling.programme(starts_on=middle + timedelta(days=1), ends_on=year.ends_on)
    await take(year, first, then)
    return year, first, then


async def test_figures_are_cut_by_who_paid_on_that_day(take, figure, programmes):
    year, first, then = programmes
    days = (first.starts_on, first.ends_on, then.starts_on, then.ends_on)
    person = uuid4()
    await take(
        *(telling.attendance(held_on=day, person_id=person) for day in days[:3]),
        *(telling.held(held_on=day) for day in days),
        *(telling.member(registered_on=day) for day in days[1:]),
        *(telling.activity(happened_on=day) for day in days[:2]),
    )
    asked = {"project_year": year.code, "by": "programme_period"}

    async def by_programme(name):
        return {row["programme_period"]: row["value"] for row in await figure(name, **asked)}

    assert await by_programme("attendances") == {first.code: 2, then.code: 1}
    assert await by_programme("individuals") == {first.code: 1, then.code: 1}
    assert await by_programme("individuals_new") == {first.code: 1, then.code: 0}
    assert await by_programme("individuals_returning") == {first.code: 0, then.code: 1}
    assert await by_programme("events_held") == {first.code: 2, then.code: 2}
    assert await by_programme("hub_registrations") == {first.code: 1, then.code: 2}
    assert await figure("attendances", programme_period=then.code) == [{"value": 1}]


async def test_bookings_belong_to_the_programme_of_their_first_session(take, figure, programmes):
    _, first, then = programmes
    for programme in (first, first, then):
        noon = {"hour": 12, "tzinfo": telling.UTC}
        day = programme.starts_on
        starts = telling.datetime(day.year, day.month, day.day, **noon)
        session = telling.scheduled(starts_at=starts, ends_at=starts + timedelta(hours=2))
        await take(session, telling.booked(session_ids=(session.session_id,)))
    both = {"programme_period": f"{first.code},{then.code}", "by": "programme_period"}
    rows = await figure("bookings", **both)
    assert [(row["programme_period"], row["value"]) for row in rows] == [
        (first.code, 2),
        (then.code, 1),
    ]


async def test_a_day_without_a_programme_is_told_as_such(take, figure):
    year = telling.project_year()
    await take(year, telling.held(held_on=year.starts_on))
    asked = {"project_year": year.code, "by": "programme_period"}
    assert await figure("events_held", **asked) == [{"programme_period": None, "value": 1}]


async def test_seats_are_those_that_are_taken_on_the_day(take, figure):
    year = telling.project_year()
    ended = telling.seat(starts_on=year.starts_on, ends_on=year.starts_on)
    changed = telling.seat(starts_on=year.starts_on, sector="voluntary", ends_on=year.ends_on)
    private = {"organisation_id": None, "sector": None, "role_level": None}
    asked = {"as_of": (year.starts_on + timedelta(days=1)).isoformat()}
    others = seats(await figure("steering_seats", by="seat_kind,sector", **asked))
    await take(
        ended,
        changed,
        changed.model_copy(update={"sector": "statutory"}),
        telling.seat(
            starts_on=year.starts_on, ends_on=year.ends_on, seat_kind="lived_experience", **private
        ),
    )
    since = seats(await figure("steering_seats", by="seat_kind,sector", **asked))
    before = await figure("steering_seats", as_of=year.starts_on.isoformat())
    after = await figure("steering_seats", **asked)
    assert before[0]["value"] - after[0]["value"] == 1
    assert since - others == {("lived_experience", None): 1, ("organisation", "statutory"): 1}


def seats(rows):
    """How many there are of each; other tests have told of some."""
    return Counter({(row["seat_kind"], row["sector"]): row["value"] for row in rows})


async def test_who_came_to_meetings_is_a_share_of_the_seats(take, figure, share):
    year = telling.project_year()
    put_right = telling.steering_meeting(held_on=year.starts_on)
    await take(
        year,
        put_right,
        put_right.model_copy(update={"present": 9}),
        telling.steering_meeting(held_on=year.ends_on, members=20, present=3),
    )
    assert await figure("steering_meetings", project_year=year.code) == [{"value": 2}]
    assert await share("steering_attendance", project_year=year.code) == (40.0, 12, 30)


async def test_actions_and_objectives_are_counted_by_what_became_of_them(take, figure):
    year, plan = telling.project_year(), telling.word("partner").code
    action = telling.action(due_on=year.ends_on, of="working_group", workstream="housing")
    objective = telling.objective(partner_plan=plan)
    await take(
        year,
        telling.workstream(),
        action,
        action.model_copy(update={"state": UndertakingState.DONE}),
        telling.action(due_on=year.starts_on, of="working_group", workstream="housing"),
        objective,
        objective.model_copy(update={"state": UndertakingState.PARTLY}),
    )
    rows = await figure("actions", project_year=year.code, by="state", workstream="housing")
    assert rows == [{"state": "done", "value": 1}, {"state": "intended", "value": 1}]
    assert await figure("objectives", partner_plan=plan, by="state,workstream") == [
        {"workstream": "housing", "state": "partly", "value": 1}
    ]


async def test_promised_against_kept_counts_what_was_looked_at(take, figure, share):
    year = telling.project_year()
    there = {"project_year": year.code}
    kept, broken, open_ = [telling.committed(**there) for _ in range(3)]
    await take(
        year,
        kept,
        broken,
        open_,
        telling.reviewed(kept, kept=9),
        telling.reviewed(broken, kept=1, state="partly"),
    )
    assert await share("commitments_kept", **there) == (62.5, 5, 8)
    assert await figure("commitments", **there, by="state") == [
        {"state": "done", "value": 1},
        {"state": "intended", "value": 1},
        {"state": "partly", "value": 1},
    ]
    whose = str(broken.organisation_id)
    assert await share("commitments_kept", organisation_id=whose) == (25.0, 1, 4)
