"""The messages behind a figure: those that it counted, each to be found in the journal."""

from uuid import uuid4

import pytest

import telling
import telling_change
from pdu_reporting.figures import FIGURES
from pdu_shared.access import Role


@pytest.fixture(scope="session")
async def messages(reporting_http, take):
    """`await messages("attendances", …)`: types and subjects of the messages behind a figure."""
    del take

    async def behind(name, **query):
        answer = await reporting_http.get(f"/figures/{name}/messages", params=query)
        assert answer.status_code == 200, answer.text
        return [(one["type"], one["subject"]) for one in answer.json()["items"]]

    return behind


def recorded(attendance):
    return ("bookings.AttendanceRecorded", attendance.subject)


async def test_only_what_was_counted_is_behind_a_figure(take, messages):
    year = telling.project_year()
    on = {"held_on": year.starts_on}
    came, other = telling.attendance(**on), telling.attendance(sector="statutory", **on)
    away = telling.attendance(state="absent_no_show", **on)
    await take(year, came, other, away, telling.attendance())
    cut = {"project_year": year.code, "by": "workstream"}
    assert await messages("attendances", **cut) == [recorded(came), recorded(other)]
    assert await messages("attendances", **cut, sector="voluntary") == [recorded(came)]


async def test_a_correction_stands_in_the_place_of_what_it_corrects(take, messages):
    year = telling.project_year()
    first = telling.attendance(held_on=year.starts_on)
    await take(year, first)
    await take(telling.correction(first, sector="statutory"))
    assert await messages("attendances", project_year=year.code) == [
        ("bookings.AttendanceCorrected", first.subject)
    ]


async def test_behind_individuals_are_the_messages_that_say_who_is_one_person(take, messages):
    year = telling.project_year()
    kept, merged = uuid4(), uuid4()
    on = {"held_on": year.starts_on}
    both = [telling.attendance(person_id=one, **on) for one in (kept, merged)]
    await take(year, *both, telling.merged(merged_id=merged, kept_id=kept))
    assert await messages("individuals", project_year=year.code) == [
        *map(recorded, both),
        ("resources.PersonMerged", f"person/{merged}"),
    ]
    assert await messages("attendances", project_year=year.code) == [*map(recorded, both)]


async def test_behind_a_booking_is_what_became_of_it_too(take, messages):
    series = f"behind-{uuid4().hex}"
    event = telling.published(series=series)
    booked = telling.booked(learning_event_id=event.learning_event_id)
    await take(event, booked)
    await take(telling.cancelled(booked))
    assert await messages("bookings", series=series) == [
        ("bookings.EventBooked", booked.subject),
        ("bookings.BookingCancelled", booked.subject),
    ]


async def test_behind_responses_are_those_that_gave_an_answer(take, messages):
    key = f"behind-{uuid4().hex}"
    yes, no = (
        telling.submitted(telling.answered("behind.it", options=(one,)), survey_key=key)
        for one in ("yes", "no")
    )
    await take(yes, no)
    told = [("resources.SurveySubmitted", one.subject) for one in (yes, no)]
    assert await messages("survey_responses", survey_key=key) == told
    chosen = {"survey_key": key, "question_code": "behind.it", "option_code": "yes"}
    assert await messages("survey_responses", **chosen) == told[:1]


async def test_behind_members_and_changes_are_their_messages(take, messages):
    year = telling.project_year()
    member = telling.member(registered_on=year.starts_on)
    impact = telling_change.impact(happened_on=year.starts_on)
    await take(year, member, impact)
    assert await messages("hub_new_users", project_year=year.code) == [
        ("resources.MemberRegistered", member.subject)
    ]
    assert await messages("impacts", project_year=year.code, by="aim") == [
        ("resources.ImpactRecorded", impact.subject)
    ]


async def test_pages_go_on_where_the_last_one_ended(take, reporting_http):
    year = telling.project_year()
    came = [telling.attendance(held_on=year.starts_on) for _ in range(5)]
    await take(year, *came)
    seen, after = [], 0
    while after is not None:
        page = await reporting_http.get(
            "/figures/attendances/messages",
            params={"project_year": year.code, "limit": 2, "after": after},
        )
        items, after = page.json()["items"], page.json()["next"]
        assert len(items) <= 2
        seen += [one["subject"] for one in items]
    assert seen == [one.subject for one in came]


async def test_a_message_behind_a_figure_is_found_in_the_journal(take, reporting_http):
    year = telling.project_year()
    await take(year, telling.attendance(held_on=year.starts_on))
    page = await reporting_http.get(
        "/figures/attendances/messages", params={"project_year": year.code}
    )
    [one] = page.json()["items"]
    before = {"after": one["position"] - 1, "limit": 1}
    journal = (await reporting_http.get("/journal", params=before)).json()
    assert journal["items"][0]["message"]["id"] == one["message_id"]
    assert journal["items"][0]["message"]["subject"] == one["subject"]


async def test_figures_that_keep_no_messages_apart_name_those_that_do(reporting_http):
    answer = await reporting_http.get("/figures/rank_score/messages")
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (422, "no_messages")
    for name in ("attendances", "individuals", "bookings", "survey_responses", "impacts"):
        assert name in error["detail"]


@pytest.mark.parametrize("name", [one.name for one in FIGURES.values() if one.behind])
async def test_what_makes_no_sense_is_refused_as_for_the_figure(reporting_http, name):
    answer = await reporting_http.get(f"/figures/{name}/messages?sektor=voluntary&by=nothing")
    pointers = {one["pointer"] for one in answer.json()["errors"]}
    assert (answer.status_code, {"/query/sektor", "/query/by"} <= pointers) == (422, True)


async def test_messages_are_not_for_everybody(house):
    async with house.http("reporting") as http:
        answer = await http.get("/figures/attendances/messages")
        assert answer.status_code == 401
        as_member = house.authorised(Role.MEMBER)
        answer = await http.get("/figures/attendances/messages", headers=as_member)
        assert answer.status_code == 403
