"""Who came is asked once, by a link of their own, and what became of it is counted."""

import asyncio
from uuid import uuid4

import pytest
import structlog

import governed
from bus import deliver
from house import service
from pdu_resources.rules.invitation import becomes
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected
from pdu_shared.contracts.notifications import MessageFailed, MessageSent, MessageSuppressed
from pdu_shared.contracts.vocabulary import InvitationState
from resources.surveys import (
    a_survey,
    attendance,
    came,
    consenting,
    counts,
    invite,
    links,
    told,
)


def letter(kind, link, **details):
    return kind(
        letter_id=uuid4(),
        template="survey_invitation",
        channel="email",
        related_id=link.invitation_id,
        **details,
    )


async def hear(database, *messages):
    await deliver(service("resources"), database, *messages)


async def test_everybody_who_came_is_invited_once(
    house, resources_http, resources_database, coordinator, survey
):
    event = uuid4()
    people = {
        state: attendance(event, state=state)
        for state in ("present", "partial", "absent_apologies", "absent_no_show")
    }
    await came(resources_database, *people.values(), attendance(uuid4()))
    again = attendance(event, person_id=people["present"].person_id)
    await came(resources_database, again)
    first = await invite(resources_http, coordinator, survey, event, wave="2026-10")
    assert first == {
        "survey_key": survey["survey_key"],
        "learning_event_id": str(event),
        "wave": "2026-10",
        "invited": 2,
    }
    assert (await invite(resources_http, coordinator, survey, event, wave="2026-10"))[
        "invited"
    ] == 0
    asked = await links(house, resources_database, survey)
    assert asked.keys() == {people["present"].person_id, people["partial"].person_id}
    requested = await told(resources_database, "SurveyInvitationRequested", survey["survey_key"])
    assert {one.person_id for one in requested} == asked.keys()
    assert {(one.wave, one.learning_event_id) for one in requested} == {("2026-10", event)}


async def test_who_comes_to_be_known_later_is_invited_then(
    resources_http, resources_database, coordinator, survey
):
    event, late = uuid4(), attendance(uuid4(), state="absent_no_show")
    late = late.model_copy(update={"learning_event_id": event})
    await came(resources_database, attendance(event), late)
    assert (await invite(resources_http, coordinator, survey, event))["invited"] == 1
    corrected = AttendanceCorrected(
        **{**late.model_dump(), "state": "present", "supersedes": uuid4()}
    )
    await hear(resources_database, corrected)
    assert (await invite(resources_http, coordinator, survey, event))["invited"] == 1


async def test_another_survey_or_wave_asks_anew(
    resources_http, resources_database, coordinator, survey
):
    event, other = uuid4(), await a_survey(resources_http, coordinator)
    await came(resources_database, attendance(event))
    for asked, wave in ((survey, "2026-10"), (survey, "2027-01"), (other, "2026-10")):
        answer = await invite(resources_http, coordinator, asked, event, wave=wave)
        assert answer["invited"] == 1


async def test_all_who_came_in_a_time_are_invited_once(
    house, resources_http, resources_database, coordinator, survey
):
    person, other = uuid4(), uuid4()
    days = ("2188-05-01", "2188-05-31", "2188-06-01")
    people = (person, person, other)
    await came(
        resources_database,
        *(
            attendance(uuid4(), person_id=who, held_on=day)
            for who, day in zip(people, days, strict=True)
        ),
        attendance(uuid4(), held_on=days[0], state="absent_apologies"),
    )
    path = f"/surveys/{survey['survey_key']}/invitations"
    window = {"came_from": "2188-05-01", "came_to": "2188-05-31", "wave": "2026-10"}
    answers = [
        (await resources_http.post(path, json=window, headers=coordinator)).json() for _ in range(2)
    ]
    assert [(one["invited"], one["learning_event_id"]) for one in answers] == [
        (1, None), (0, None),
    ]  # fmt: skip
    assert (await links(house, resources_database, survey)).keys() == {person}


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"came_from": "2188-05-01"},
        {"came_from": "2188-05-02", "came_to": "2188-05-01"},
        {"steering_group": True, "learning_event_id": str(uuid4())},
    ],
)
async def test_it_has_to_be_said_who_is_invited(resources_http, coordinator, survey, form):
    path = f"/surveys/{survey['survey_key']}/invitations"
    answer = await resources_http.post(path, json=form, headers=coordinator)
    assert answer.status_code == 422, answer.text
    assert await counts(resources_http, coordinator, survey) == (0, {})


async def test_who_steers_is_asked_by_surveys_that_do_not_say_whom(
    house, resources_http, resources_database, coordinator, survey
):
    person = uuid4()
    seat = governed.seat(kind="lived_experience", person_id=str(person), organisation=None)
    await governed.post(resources_http, coordinator, "/steering/seats", seat)
    steering = await a_survey(resources_http, coordinator, kind="steering_group")
    answers = {
        asked["survey_key"]: await resources_http.post(
            f"/surveys/{asked['survey_key']}/invitations",
            json={"steering_group": True},
            headers=coordinator,
        )
        for asked in (survey, steering)
    }
    assert answers[survey["survey_key"]].status_code == 409
    assert answers[steering["survey_key"]].json()["invited"] >= 1
    assert person in await links(house, resources_database, steering)
    assert await told(resources_database, "SurveyInvitationRequested", steering["survey_key"]) == []


async def test_ten_who_invite_at_once_write_one_letter_each(
    resources_http, resources_database, coordinator, survey
):
    event = uuid4()
    await came(resources_database, *(attendance(event) for _ in range(5)))
    answers = await asyncio.gather(
        *(invite(resources_http, coordinator, survey, event) for _ in range(10))
    )
    assert sum(one["invited"] for one in answers) == 5
    assert await counts(resources_http, coordinator, survey) == (5, {"planned": 5})


async def test_nobody_is_asked_about_history(
    resources_http, resources_database, coordinator, survey
):
    event = uuid4()
    await came(resources_database, attendance(event), origin="import")
    assert (await invite(resources_http, coordinator, survey, event))["invited"] == 0


async def test_two_ids_of_one_person_get_one_letter(
    house, resources_http, resources_database, coordinator, survey
):
    event, kept, merged = uuid4(), uuid4(), uuid4()
    await came(
        resources_database,
        attendance(event, person_id=kept),
        attendance(event, person_id=merged),
    )
    ids = {"kept_id": str(kept), "merged_id": str(merged), "basis": "same_phone"}
    await resources_http.post("/persons/merges", json=ids, headers=coordinator)
    assert (await invite(resources_http, coordinator, survey, event))["invited"] == 1
    assert (await links(house, resources_database, survey)).keys() == {kept}


async def test_the_link_is_in_no_table_no_log_and_no_message_in_clear(
    house, resources_http, resources_database, coordinator, survey
):
    event = uuid4()
    await came(resources_database, attendance(event))
    with structlog.testing.capture_logs() as lines:
        await invite(resources_http, coordinator, survey, event)
        [link] = (await links(house, resources_database, survey)).values()
        await resources_http.get(f"/s/{link.token}")
    assert link.token not in str(lines)
    rows = await resources_database.pool.fetch(
        "SELECT body AS text FROM outbox UNION ALL SELECT invitation::text FROM invitation"
    )
    assert not [row for row in rows if link.token in row["text"]]


async def test_the_way_of_an_invitation_is_counted_and_told(
    resources_http, resources_database, coordinator, survey, invited
):
    async def stands():
        return (await counts(resources_http, coordinator, survey))[1]

    assert await stands() == {"planned": 1}
    await hear(resources_database, letter(MessageSent, invited))
    assert await stands() == {"sent": 1}
    await resources_http.get(f"/s/{invited.token}")
    assert await stands() == {"opened_form": 1}
    await resources_http.post(f"/s/{invited.token}/responses", json=consenting())
    assert await stands() == {"submitted": 1}
    await resources_http.get(f"/s/{invited.token}")
    assert await stands() == {"submitted": 1}
    [sent] = await told(resources_database, "SurveyInvitationSent", str(invited.invitation_id))
    assert (sent.person_id, sent.survey_key) == (invited.person_id, survey["survey_key"])


@pytest.mark.parametrize("kind", [MessageFailed, MessageSuppressed])
async def test_a_letter_that_did_not_arrive_is_counted_as_that(
    resources_http, resources_database, coordinator, survey, kind
):
    event = uuid4()
    await came(resources_database, attendance(event))
    await invite(resources_http, coordinator, survey, event)
    [asked] = await told(resources_database, "SurveyInvitationRequested", survey["survey_key"])
    await hear(resources_database, letter(kind, asked, reason="5.1.1"))
    bounced = kind is MessageFailed
    state = "bounced" if bounced else "suppressed"
    assert await counts(resources_http, coordinator, survey) == (1, {state: 1})
    messages = {
        name: len(await told(resources_database, name, str(asked.invitation_id)))
        for name in ("SurveyInvitationBounced", "SurveyInvitationSent")
    }
    assert messages == {"SurveyInvitationBounced": bounced, "SurveyInvitationSent": 0}


async def test_who_answers_before_the_mail_server_has_said_so_has_answered(
    resources_http, resources_database, coordinator, survey, invited
):
    await resources_http.post(f"/s/{invited.token}/responses", json=consenting())
    await hear(resources_database, letter(MessageSent, invited))
    assert await counts(resources_http, coordinator, survey) == (1, {"submitted": 1})


async def test_letters_about_other_things_are_left_alone(resources_database, invited):
    other = letter(MessageSent, invited).model_copy(
        update={"template": "booking_confirmation", "related_id": uuid4()}
    )
    await hear(resources_database, other)
    waiting = await resources_database.pool.fetchval(
        "SELECT count(*) FROM waiting WHERE stream LIKE '%' || $1", str(other.letter_id)
    )
    assert waiting == 0


async def test_a_letter_about_an_invitation_that_is_not_there_waits_for_it(
    resources_database, invited
):
    stray = letter(MessageSent, invited).model_copy(update={"related_id": uuid4()})
    await hear(resources_database, stray)
    reason = await resources_database.pool.fetchval(
        "SELECT reason FROM waiting WHERE stream LIKE '%' || $1", str(stray.letter_id)
    )
    assert reason == "unknown_ref"


async def test_there_is_nothing_to_count_of_a_survey_that_is_not_there(resources_http, coordinator):
    answer = await resources_http.get("/surveys/nowhere/invitations", headers=coordinator)
    assert answer.status_code == 404


async def test_counts_can_be_of_one_event_or_wave(
    resources_http, resources_database, coordinator, survey
):
    first, second = uuid4(), uuid4()
    await came(resources_database, attendance(first), attendance(second))
    await invite(resources_http, coordinator, survey, first, wave="2026-10")
    await invite(resources_http, coordinator, survey, second, wave="2026-11")
    assert (await counts(resources_http, coordinator, survey))[0] == 2
    assert (await counts(resources_http, coordinator, survey, wave="2026-11"))[0] == 1
    one = await counts(resources_http, coordinator, survey, learning_event_id=str(first))
    assert one == (1, {"planned": 1})


def test_no_way_leads_back():
    states = [state for state in InvitationState if state is not InvitationState.EXPIRED]
    for state in states:
        assert becomes(state, state) is state
        assert becomes(InvitationState.SUBMITTED, state) is InvitationState.SUBMITTED
    assert becomes(InvitationState.OPENED_FORM, InvitationState.SENT) == "opened_form"
    assert becomes(InvitationState.SENT, InvitationState.BOUNCED) == "bounced"
