"""Questions that an event asks of those who book."""

from uuid import UUID

import pytest

import a
import asking


@pytest.fixture
async def event(bookings_http, token):
    return await a.published_event(bookings_http, token("coordinator"))


@pytest.fixture
def ask(bookings_http, token, event):
    async def asked(*questions):
        return await bookings_http.put(
            f"/learning-events/{event['learning_event_id']}/booking-questions",
            json={"questions": questions},
            headers=token("coordinator"),
        )

    return asked


async def answers(http, token, event):
    path = f"/learning-events/{event['learning_event_id']}/booking-answers"
    return (await http.get(path, headers=token("coordinator"))).json()


async def test_the_form_shows_them_in_their_order(bookings_http, event, ask):
    await ask(asking.text(), asking.choice(required=True))
    path = f"/learning-events/{event['learning_event_id']}/booking-form"
    questions = (await bookings_http.get(path)).json()["questions"]
    assert [(one["code"], one["required"]) for one in questions] == [
        ("hoping_for", False),
        ("group", True),
    ]


async def test_answers_are_kept_and_counted(bookings_http, token, event, ask):
    await ask(asking.text(), asking.choice())
    for group in ("one", "two", "two"):
        said = {"group": group, "hoping_for": f"Group {group}"}
        answer = await a.ask_for_place(bookings_http, event, answers=said, prior_knowledge="expert")
        assert answer.status_code == 201, answer.text
    assert await answers(bookings_http, token, event) == {
        "choices": {"group": {"one": 1, "two": 2}, "pre.level": {"expert": 3}},
        "texts": {"hoping_for": ["Group one", "Group two", "Group two"]},
    }


async def test_an_answer_that_is_none_is_refused(bookings_http, event, ask):
    await ask(asking.choice(required=True))
    for said, fault in (
        ({}, ("/answers/group", "missing")),
        ({"group": "three"}, ("/answers/group", "unknown-option")),
        ({"group": "one", "shoe_size": "9"}, ("/answers/shoe_size", "unknown-question")),
    ):
        answer = await a.ask_for_place(bookings_http, event, answers=said)
        told = [(one["pointer"], one["code"]) for one in answer.json()["errors"]]
        assert (answer.status_code, told) == (422, [fault])


async def test_a_question_that_was_answered_keeps_its_words(bookings_http, token, event, ask):
    await ask(asking.choice())
    await a.ask_for_place(bookings_http, event, answers={"group": "one"})
    assert (await ask(asking.choice(wording="Which table?"))).status_code == 409
    assert (await ask(asking.choice(required=True))).status_code == 200
    assert (await ask()).status_code == 200
    assert (await answers(bookings_http, token, event))["choices"] == {"group": {"one": 1}}
    assert (await ask(asking.choice(wording="Which table?"))).status_code == 409


@pytest.mark.parametrize(
    "questions",
    [
        [asking.choice(options=[])],
        [asking.text(options=[{"code": "one", "label": "One"}])],
        [asking.text(), asking.text()],
        [asking.text(code="pre.level")],
    ],
)
async def test_a_question_that_nobody_can_answer_is_not_asked(ask, questions):
    assert (await ask(*questions)).status_code == 422


async def test_what_was_written_goes_with_the_contact_point(
    bookings_http, bookings_database, token, event, ask
):
    await ask(asking.text(), asking.choice())
    booked = await a.ask_for_place(
        bookings_http, event, answers={"group": "one", "hoping_for": "Peace"}
    )
    await bookings_database.pool.execute(
        "DELETE FROM contact WHERE booking_id = $1", UUID(booked.json()["booking_id"])
    )
    assert await answers(bookings_http, token, event) == {
        "choices": {"group": {"one": 1}},
        "texts": {},
    }
