"""Experts say what actions of organisations will come to, and nobody can tell who said what."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import a
import experts
from pdu_bookings.lived_experience.retention import delete_actions
from pdu_shared.database import transaction

ACTIONS = "/lived-experience/reported-actions"


async def an_action(http, token, **details):
    form = {"text": "A hostel lets visitors stay until ten.", **details}
    headers = {**token("coordinator"), **a.key()}
    return await http.post(ACTIONS, json=form, headers=headers)


async def comment(http, expert, action, effect="helps", **said):
    path = f"{ACTIONS}/{action['action_id']}/comments"
    return await http.post(path, json={"effect": effect, **said}, headers=expert)


async def comments(http, token, action):
    path = f"{ACTIONS}/{action['action_id']}/comments"
    return (await http.get(path, headers=token("coordinator"))).json()


async def test_what_experts_say_is_read_without_whose_it_is(
    bookings_http, bookings_database, token
):
    circle = await experts.a_circle(bookings_http, token)
    event_id = circle.event["learning_event_id"]
    action = (await an_action(bookings_http, token, learning_event_id=event_id)).json()
    seen = (await bookings_http.get(ACTIONS, headers=circle.expert)).json()["items"]
    assert action in seen
    said = {"effect": "depends", "text": "If the doors stay open."}
    answers = [await comment(bookings_http, circle.expert, action, **said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 409]
    assert await comments(bookings_http, token, action) == {
        "count": 1, "effects": None, "texts": ["If the doors stay open."]
    }  # fmt: skip
    columns = await bookings_database.pool.fetch(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = 'action_comment' AND table_schema = 'lived_experience'"
    )
    assert "expert_id" not in {row["column_name"] for row in columns}


async def test_how_many_think_so_is_shown_from_five_on(bookings_http, token):
    action = (await an_action(bookings_http, token)).json()
    for effect in ("helps", "helps", "harms", "depends", "helps"):
        assert (await comments(bookings_http, token, action))["effects"] is None
        circle = await experts.a_circle(bookings_http, token)
        await comment(bookings_http, circle.expert, action, effect)
    effects = (await comments(bookings_http, token, action))["effects"]
    assert effects == {"helps": 3, "depends": 1, "no_difference": 0, "harms": 1}


async def test_only_experts_in_the_register_are_asked(bookings_http, token):
    action = (await an_action(bookings_http, token)).json()
    stranger = token("expert_by_experience")
    assert (await comment(bookings_http, stranger, action)).status_code == 404
    assert (await comment(bookings_http, token("coordinator"), action)).status_code == 403
    circle = await experts.a_circle(bookings_http, token)
    nowhere = {"action_id": str(uuid4())}
    assert (await comment(bookings_http, circle.expert, nowhere)).status_code == 404
    assert (await comment(bookings_http, circle.expert, action, "maybe")).status_code == 422
    unknown = await an_action(bookings_http, token, learning_event_id=str(uuid4()))
    assert unknown.status_code == 422


async def test_after_a_year_actions_are_forgotten(bookings_http, bookings_database, token):
    action = (await an_action(bookings_http, token)).json()
    async with transaction(bookings_database) as conn:
        await delete_actions(conn, datetime.now(UTC) + timedelta(days=364))
        assert await conn.fetchval(
            "SELECT true FROM lived_experience.reported_action WHERE action_id = $1::text::uuid",
            action["action_id"],
        )
        assert await delete_actions(conn, datetime.now(UTC) + timedelta(days=366)) >= 1
