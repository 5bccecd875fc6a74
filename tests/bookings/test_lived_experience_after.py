"""After the event: contribution, debrief, thanks, what came of it; tasks, readiness, forgetting."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

import a
from bus import deliver
from experts import a_circle, begins, today, told
from house import service
from pdu_bookings.lived_experience.retention import SCHEDULE
from pdu_shared.contracts.resources.voice import WeDidReported
from pdu_shared.database import transaction
from pdu_shared.retention import apply


async def keep_to_it(conn, *, now):
    for line in SCHEDULE:
        await apply(conn, "bookings", line, now=now)


async def names(database, engagement_id):
    return [name for name, _ in await told(database, engagement_id)]


async def test_a_contribution_is_told_with_its_level_and_feedback_is_owed(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.contributed(bookings_database)
    _, (_, contributed), (_, due) = await told(bookings_database, engagement_id)
    assert (contributed["role"], contributed["arnstein_level"]) == (
        "table_discussant",
        "partnership",
    )
    assert due["days"] == 60


async def test_a_contribution_is_corrected_and_owed_for_once(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.contributed(bookings_database)
    form = {
        "contributed_on": await today(bookings_database, circle.event),
        "role": "panel",
        "arnstein_level": "delegated_power",
    }
    for _ in range(2):
        path = f"engagements/{engagement_id}/contribution"
        await circle.do(circle.coordinator, "PUT", path, **form)
    assert await names(bookings_database, engagement_id) == [
        "ExpertOptedIn",
        "ExpertContributed",
        "ContributionFeedbackDue",
        "ExpertContributed",
    ]


async def test_nobody_contributes_before_the_event_or_on_another_day(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    path = f"engagements/{await circle.engaged()}/contribution"
    form = {"contributed_on": "2026-01-05", "role": "panel", "arnstein_level": "informing"}
    early = await circle.ask(circle.ambassador, "PUT", path, **form)
    assert early.status_code == 409
    await begins(bookings_database, circle.event)
    another_day = await circle.ask(circle.ambassador, "PUT", path, **form)
    assert another_day.status_code == 422
    assert another_day.json()["errors"][0]["pointer"] == "/contributed_on"


async def test_nothing_follows_what_has_not_been(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    path = f"engagements/{await circle.engaged()}"
    for step, form in (
        ("debrief", {"debriefed_on": "2026-01-05"}),
        ("distress", {"text": "Quiet", "open": True}),
        ("feedback", {"text": "Much", "given_on": "2026-01-05"}),
    ):
        answer = await circle.ask(circle.ambassador, "PUT", f"{path}/{step}", **form)
        assert answer.status_code == 409, step
    closing = await circle.ask(circle.ambassador, "POST", f"{path}/closure")
    assert closing.status_code == 409


async def test_somebody_asks_how_it_was_and_that_is_told_once(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.contributed(bookings_database)
    form = {"debriefed_on": await today(bookings_database, circle.event)}
    asked = [
        circle.do(circle.ambassador, "PUT", f"engagements/{engagement_id}/debrief", **form)
        for _ in range(3)
    ]
    states = {one["state"] for one in await asyncio.gather(*asked)}
    assert states == {"debriefed"}
    debriefs = [
        data
        for name, data in await told(bookings_database, engagement_id)
        if name == "ExpertDebriefed"
    ]
    assert [one["on_time"] for one in debriefs] == [True]


async def test_an_expert_hears_what_came_of_it(bookings_http, bookings_database, token):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.contributed(bookings_database)
    path = f"engagements/{engagement_id}"
    given_on = await today(bookings_database, circle.event)
    for text in ("Visitors are welcome now.", "Visitors are welcome now, also at night."):
        given = await circle.do(
            circle.coordinator, "PUT", f"{path}/feedback", text=text, given_on=given_on
        )
    assert given["state"] == "feedback_given"
    read = await circle.do(circle.expert, "GET", f"{path}/texts/feedback")
    assert read["text"] == "Visitors are welcome now, also at night."
    assert (await names(bookings_database, engagement_id)).count("ContributionFeedbackGiven") == 1
    closed = [await circle.do(circle.ambassador, "POST", f"{path}/closure") for _ in range(2)]
    assert [one["state"] for one in closed] == ["closed", "closed"]


async def test_distress_is_private_and_open_until_followed_up(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    path = f"engagements/{await circle.contributed(bookings_database)}"
    said = {"text": "Very quiet afterwards."}
    await circle.do(circle.ambassador, "PUT", f"{path}/distress", **said, open=True)
    assert "follow_up_distress" in await circle.tasks()
    await circle.do(circle.ambassador, "PUT", f"{path}/distress", **said, open=False)
    assert "follow_up_distress" not in await circle.tasks()
    await circle.do(circle.coordinator, "GET", f"{path}/texts/distress")
    reads = await circle.do(token("data_protection_lead"), "GET", "reads")
    assert [one["kind"] for one in reads["items"] if one["of_id"] in path] == ["distress"]


async def test_thanks_expenses_and_time_are_written_down(bookings_http, bookings_database, token):
    circle = await a_circle(bookings_http, token)
    path = f"engagements/{await circle.contributed(bookings_database)}/thanks"
    form = {"thanked_on": "2026-01-05", "expenses_pence": 860, "minutes_given": 240}
    thanked = await circle.do(circle.ambassador, "PUT", path, **form)
    assert {name: thanked[name] for name in form} == form


async def test_how_five_experts_felt_is_known_and_how_one_felt_is_not(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    path = f"engagements/{await circle.contributed(bookings_database)}/reflection"
    await circle.do(circle.expert, "POST", path, listened_to=5, valued=4)
    again = await circle.ask(circle.expert, "POST", path, listened_to=1, valued=1)
    assert again.status_code == 409

    async def years():
        told = await circle.do(circle.coordinator, "GET", "reflections")
        return {one["year"]: one["count"] for one in told["items"]}

    for year, count in ((1901, 4), (1902, 5)):
        await bookings_database.pool.executemany(
            "INSERT INTO lived_experience.reflection VALUES (gen_random_uuid(), $1, 4, 4)",
            [(year,)] * count,
        )
    assert 1901 not in await years()
    assert (await years())[1902] == 5


async def test_tasks_follow_from_the_day_of_the_event(bookings_http, bookings_database, token):
    circle = await a_circle(bookings_http, token)
    await circle.engaged()
    assert set(await circle.tasks()) == {"tell"}
    await begins(bookings_database, circle.event, ago=timedelta(days=-10))
    assert set(await circle.tasks()) == {"brief", "tell"}
    await begins(bookings_database, circle.event, ago=timedelta(days=-5))
    assert set(await circle.tasks()) == {"brief", "name_supporter", "agree_sharing_plan", "tell"}
    nameless = await circle.tasks(circle.coordinator)
    assert {task["expert_id"] for task in nameless.values()} == {None}
    stranger = await circle.tasks(token("beneficiary_ambassador"))
    assert stranger == {}


async def test_what_has_been_told_is_no_task_any_more(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    await circle.engaged()
    notice_id = (await circle.tasks())["tell"]["notice_id"]
    for _ in range(2):  # twice in a minute is once
        await circle.do(circle.ambassador, "POST", f"notices/{notice_id}/not-reached")
    assert (await circle.tasks())["tell"]["tries"] == 1
    path = f"notices/{notice_id}/telling"
    for _ in range(2):
        await circle.do(circle.ambassador, "POST", path)
    assert await circle.tasks() == {}
    assert (await circle.ask(token("beneficiary_ambassador"), "POST", path)).status_code == 404


async def test_a_pre_meeting_is_told_once_for_each_time_and_place(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    path = f"engagements/{await circle.engaged()}/pre-meeting"
    starts = (a.local_now() + timedelta(days=5)).replace(hour=13, minute=0, second=0, microsecond=0)
    form = {"starts_at": starts.isoformat(), "place": "Sneinton Hermitage"}
    for _ in range(2):
        await circle.do(circle.ambassador, "PUT", path, **form)
    told = await circle.do(circle.ambassador, "GET", "tasks")
    assert [one["template"] for one in told["items"]].count("expert_pre_meeting") == 1
    late = {**form, "starts_at": (starts + timedelta(days=60)).isoformat()}
    assert (await circle.ask(circle.ambassador, "PUT", path, **late)).status_code == 409


async def test_an_event_that_begins_soon_and_is_not_ready_is_warned_of(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.engaged()
    event = circle.event["learning_event_id"]

    async def warned():
        told = await circle.do(circle.coordinator, "GET", "warnings")
        return event in {one["learning_event_id"] for one in told["items"]}

    assert not await warned()
    await begins(bookings_database, circle.event, ago=timedelta(days=-2))
    assert await warned()
    answer = await bookings_http.get(
        f"/learning-events/{event}/readiness", headers=circle.ambassador
    )
    assert answer.json() == {
        "learning_event_id": event,
        "engaged": 1,
        "ready": 0,
        "missing": {"briefing": 1, "supporter": 1, "sharing_plan": 1},
        "warning": True,
    }
    await circle.do(circle.expert, "POST", f"engagements/{engagement_id}/withdrawal")
    assert not await warned()


@pytest.mark.parametrize(("days", "kept"), [(89, 1), (91, 0)])
async def test_private_texts_go_90_days_after_closing(
    bookings_http, bookings_database, token, days, kept
):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.engaged()
    path = f"engagements/{engagement_id}"
    await circle.do(circle.expert, "PUT", f"{path}/sharing-plan", text="The hostel")
    await circle.do(circle.expert, "POST", f"{path}/withdrawal")
    async with transaction(bookings_database) as conn:
        await conn.execute(
            "UPDATE lived_experience.engagement"
            "   SET withdrawn_at = now() - make_interval(days => $2)"
            " WHERE engagement_id = $1::text::uuid",
            engagement_id,
            days,
        )
        await keep_to_it(conn, now=datetime.now(UTC))
    left = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM lived_experience.private_text WHERE engagement_id = $1::text::uuid",
        engagement_id,
    )
    assert left == kept


async def test_who_somebody_was_is_forgotten_and_that_is_told_in_numbers(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    training = {"kind": "storytelling", "taken_on": "2026-01-05"}
    await circle.do(circle.ambassador, "PUT", f"experts/{circle.expert_id}/trainings", **training)
    await circle.do(circle.expert, "POST", f"experts/{circle.expert_id}/withdrawal")
    async with transaction(bookings_database) as conn:
        await keep_to_it(conn, now=datetime.now(UTC) + timedelta(days=91))
    row = await bookings_database.pool.fetchrow(
        """
        SELECT person_id, preferred_name, reach,
               (SELECT count(*) FROM lived_experience.training
                 WHERE training.expert_id = expert.expert_id) AS trainings
          FROM lived_experience.expert
         WHERE expert_id = $1::text::uuid
        """,
        circle.expert_id,
    )
    assert tuple(row) == (None, None, None, 0)
    counted = await bookings_database.pool.fetchval(
        "SELECT body::json->'data'->>'count' FROM outbox"
        " WHERE routing_key = 'bookings.RetentionApplied'"
        "   AND body::json->'data'->>'data_class' = 'lived_experience.expert'"
    )
    assert int(counted) >= 1


@pytest.mark.parametrize(("state", "told_of"), [("done", True), ("in_progress", False)])
async def test_an_ambassador_is_asked_once_to_tell_what_was_done_in_the_end(
    bookings_http, bookings_database, token, state, told_of
):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.contributed(bookings_database)
    did = WeDidReported(
        item_id=uuid4(),
        state=state,
        engagement_id=engagement_id,
        said_on=date(2026, 9, 1),
        changed_on=date(2026, 10, 20),
    )
    for _ in range(2):
        await deliver(service("bookings"), bookings_database, did)
    items = (await circle.do(circle.ambassador, "GET", "tasks"))["items"]
    asked = [one["template"] for one in items if one["kind"] == "tell"]
    assert asked.count("expert_what_was_done") == told_of
    found = next((one for one in items if one["template"] == "expert_what_was_done"), None)
    if found:
        path = f"notices/{found['notice_id']}/telling"
        await circle.do(circle.ambassador, "POST", path)
        await deliver(service("bookings"), bookings_database, did)
        items = (await circle.do(circle.ambassador, "GET", "tasks"))["items"]
        assert "expert_what_was_done" not in {one["template"] for one in items}
