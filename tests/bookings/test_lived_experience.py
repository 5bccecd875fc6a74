"""Lived experience: asked each time, free to leave, prepared and supported, and nobody told who."""

import asyncio
import json
from uuid import uuid4

import asyncpg
import pytest

import a
import programme
from experts import a_circle, person, told
from pdu_shared.sealing import Sealer


async def notices(database, circle):
    rows = await database.pool.fetch(
        "SELECT template FROM lived_experience.notice JOIN lived_experience.engagement"
        " USING (engagement_id) WHERE expert_id = $1::text::uuid",
        circle.expert_id,
    )
    return [row["template"] for row in rows]


async def opened(database, event):
    """How often experts were invited to a learning event."""
    return await database.pool.fetchval(
        "SELECT count(*) FROM outbox WHERE routing_key = 'bookings.ExpertOpportunityOpened'"
        " AND body::json->'data'->>'learning_event_id' = $1",
        event["learning_event_id"],
    )


async def test_every_event_that_is_published_invites_experts_once(
    bookings_http, bookings_database, token
):
    event = await a.published_event(bookings_http, token("coordinator"))
    path = f"/learning-events/{event['learning_event_id']}/publish"
    await bookings_http.post(path, headers=token("coordinator"))
    assert await opened(bookings_database, event) == 1


async def test_an_event_with_a_reason_not_to_invites_nobody(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    event = await a.published_event(
        bookings_http,
        circle.coordinator,
        without_lived_experience_because="Only about a form",
    )
    found = await circle.do(circle.expert, "GET", "opportunities")
    assert event["learning_event_id"] not in {one["learning_event_id"] for one in found["items"]}


async def test_once_the_reason_is_taken_away_experts_are_invited_once(
    bookings_http, bookings_database, token
):
    coordinator, reason = token("coordinator"), "without_lived_experience_because"
    event = await a.published_event(bookings_http, coordinator, **{reason: "Only about a form"})
    for because in (None, "Only about a form", None):
        event = (
            await programme.edit(bookings_http, coordinator, event, **{reason: because})
        ).json()
    assert await opened(bookings_database, event) == 1


async def test_an_expert_opts_in_for_as_little_as_they_like(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    answer = await circle.opt_in(involvement="little")
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "opted_in"
    engagement_id = answer.json()["engagement_id"]
    assert (await circle.opportunity())["engagement_id"] == engagement_id
    path = f"engagements/{engagement_id}/involvement"
    changed = await circle.do(circle.expert, "PUT", path, role="panel", involvement="much")
    assert (changed["role"], changed["involvement"]) == ("panel", "much")
    assert [name for name, _ in await told(bookings_database, engagement_id)] == ["ExpertOptedIn"]


async def test_an_ambassador_writes_down_what_they_were_told(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    said = {"expert_id": circle.expert_id, "told_on": "2026-01-05"}
    answer = await circle.opt_in(circle.ambassador, **said)
    assert answer.json()["opted_in_on"] == "2026-01-05"
    own = await circle.do(circle.expert, "GET", "engagements")
    assert [one["engagement_id"] for one in own["items"]] == [answer.json()["engagement_id"]]


async def test_an_ambassador_has_to_say_for_whom(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    answer = await circle.opt_in(circle.ambassador)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/expert_id"


async def test_opting_in_twice_at_once_is_one_engagement(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    answers = await asyncio.gather(*(circle.opt_in() for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_a_repeated_opt_in_gets_the_first_answer(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    headers = {**circle.expert, **a.key()}
    first, second = [await circle.opt_in(headers) for _ in range(2)]
    assert (first.status_code, second.json()) == (201, first.json())


async def test_nobody_asks_why_somebody_withdraws(bookings_http, bookings_database, token):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.engaged()
    for _ in range(2):
        answer = await circle.do(circle.expert, "POST", f"engagements/{engagement_id}/withdrawal")
        assert answer["state"] == "withdrawn"
    names = [name for name, _ in await told(bookings_database, engagement_id)]
    assert names == ["ExpertOptedIn", "ExpertWithdrew"]
    assert await circle.engaged() != engagement_id


async def test_whoever_leaves_the_register_is_asked_nothing_any_more(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.engaged()
    await circle.do(circle.expert, "POST", f"experts/{circle.expert_id}/withdrawal")
    assert [name for name, _ in await told(bookings_database, engagement_id)] == [
        "ExpertOptedIn",
        "ExpertWithdrew",
    ]
    for who in (circle.expert, circle.ambassador, circle.coordinator):
        gone = await circle.ask(who, "GET", f"engagements/{engagement_id}")
        assert gone.status_code == 404
    assert (await circle.do(circle.ambassador, "GET", "experts"))["items"] == []
    assert (await circle.opt_in()).status_code == 409
    again = await circle.ask(circle.expert, "POST", f"experts/{circle.expert_id}/withdrawal")
    assert again.status_code == 404


@pytest.mark.parametrize("role", ["expert_by_experience", "beneficiary_ambassador"])
async def test_what_is_anothers_is_not_there(bookings_http, token, role):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.engaged()
    stranger = token(role)
    for method, path, form in (
        ("GET", f"engagements/{engagement_id}", {}),
        ("GET", f"engagements/{engagement_id}/texts/feedback", {}),
        ("PUT", f"engagements/{engagement_id}/sharing-plan", {"text": "All of it"}),
        ("POST", f"engagements/{engagement_id}/withdrawal", {}),
        ("GET", f"experts/{circle.expert_id}", {}),
        ("POST", f"experts/{circle.expert_id}/withdrawal", {}),
    ):
        assert (await circle.ask(stranger, method, path, **form)).status_code == 404, path
    assert (await circle.do(stranger, "GET", "engagements"))["items"] == []


async def test_an_expert_who_is_handed_over_has_another_supporter(bookings_http, token):
    circle, successor = await a_circle(bookings_http, token), uuid4()
    path = f"experts/{circle.expert_id}"
    await circle.do(circle.ambassador, "PUT", f"{path}/ambassador", ambassador_id=str(successor))
    assert (await circle.ask(circle.ambassador, "GET", path)).status_code == 404
    seen = await circle.do(token("beneficiary_ambassador", sub=successor), "GET", path)
    assert seen["preferred_name"] == "Much the Miller"


async def test_an_expert_changes_how_they_are_reached(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    path = f"experts/{circle.expert_id}"
    contact = {"preferred_name": "Much", "contact_way": "post", "reach": "12 Mapperley Road"}
    await circle.do(circle.expert, "PUT", f"{path}/contact", **contact)
    seen = await circle.do(circle.ambassador, "GET", path)
    assert {name: seen[name] for name in contact} == contact


async def test_a_coordinator_is_not_told_whose_engagement_it_is(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    seen = await circle.do(circle.coordinator, "GET", f"engagements/{await circle.engaged()}")
    assert seen["expert_id"] is None
    assert circle.expert_id not in str(seen)


async def test_an_expert_is_ready_with_briefing_supporter_and_plan(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.engaged()
    path = f"engagements/{engagement_id}"
    briefing = {"briefed_on": "2026-01-05", "covered": ["event", "role", "who_will_be_there"]}
    held = await circle.do(circle.ambassador, "PUT", f"{path}/briefing", **briefing)
    assert held["missing"] == ["briefing", "supporter", "sharing_plan"]
    known = await circle.do(circle.expert, "POST", f"{path}/briefing/acknowledgement")
    assert known["state"] == "briefed"
    names = {
        "supporter_during": circle.ambassador_id,
        "supporter_after": circle.ambassador_id,
        "debrief_way": "phone",
    }
    supported = await circle.do(circle.expert, "PUT", f"{path}/support", **names)
    assert supported["state"] == "support_confirmed"
    ready = await circle.do(circle.ambassador, "POST", f"{path}/sharing-plan/agreement")
    assert (ready["state"], ready["missing"]) == ("ready", [])
    for name, data in (await told(bookings_database, engagement_id))[1:]:
        assert (name, data["on_time"]) in {
            ("ExpertBriefed", True),
            ("ExpertSupportConfirmed", True),
        }


async def test_a_briefing_covers_everything(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    path = f"engagements/{await circle.engaged()}/briefing"
    half = {"briefed_on": "2026-01-05", "covered": ["event", "role"]}
    answer = await circle.ask(circle.ambassador, "PUT", path, **half)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/covered"


async def test_a_sharing_plan_is_between_an_expert_and_their_supporter(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    path = f"engagements/{await circle.engaged()}"
    await circle.do(circle.expert, "PUT", f"{path}/sharing-plan", text="The hostel.\nNo more.")
    for who in (circle.expert, circle.ambassador):
        plan = await circle.do(who, "GET", f"{path}/texts/sharing_plan")
        assert plan["text"] == "The hostel.\nNo more."
    hidden = await circle.ask(circle.coordinator, "GET", f"{path}/texts/sharing_plan")
    assert hidden.status_code == 404


async def test_a_new_wording_of_the_plan_needs_a_new_agreement(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    path = f"engagements/{await circle.engaged()}"

    async def agreed():
        return (await circle.do(circle.expert, "GET", path))["plan_agreed"]

    await circle.do(circle.expert, "PUT", f"{path}/sharing-plan", text="The hostel")
    await circle.do(circle.ambassador, "POST", f"{path}/sharing-plan/agreement")
    await circle.do(circle.expert, "PUT", f"{path}/sharing-plan", text="The hostel")
    assert await agreed()
    await circle.do(circle.expert, "PUT", f"{path}/sharing-plan", text="Nothing, after all")
    assert not await agreed()


async def test_that_a_coordinator_looked_is_written_down(bookings_http, token):
    circle, leader = await a_circle(bookings_http, token), uuid4()
    coordinator = token("coordinator", sub=leader)
    for who in (circle.ambassador, circle.expert, coordinator):
        await circle.do(who, "GET", f"experts/{circle.expert_id}")
    reads = await circle.do(token("data_protection_lead"), "GET", "reads")
    [read] = [one for one in reads["items"] if one["of_id"] == circle.expert_id]
    assert (read["reader"], read["kind"]) == (str(leader), "expert")


async def test_an_expert_is_told_by_letter_only_if_they_chose_so(
    bookings_http, bookings_database, house, token
):
    by_letter = await a_circle(bookings_http, token, by_letter=True)
    by_word = await a_circle(bookings_http, token)
    for circle in (by_letter, by_word):
        await circle.engaged()
    assert await notices(bookings_database, by_letter) == []
    assert await notices(bookings_database, by_word) == ["expert_opted_in"]
    sealer = Sealer(house.secrets.sealing_keys("notifications"))
    rows = await bookings_database.pool.fetch(
        "SELECT body::json->>'data' AS data FROM outbox WHERE published_at IS NULL"
        " AND routing_key = 'bookings.ExpertNoticeIssued'"
    )
    letters = [sealer.unseal(row["data"]).decode() for row in rows]
    assert sum(by_letter.email in letter for letter in letters) == 1
    assert not any(by_word.email in letter for letter in letters)


async def test_an_expert_who_wishes_text_messages_is_told_by_them(
    bookings_http, bookings_database, house, token
):
    circle = await a_circle(bookings_http, token, reach="07700 900123")
    await circle.engaged()
    assert await notices(bookings_database, circle) == []
    rows = await bookings_database.pool.fetch(
        "SELECT body::json->>'data' AS data FROM outbox"
        " WHERE routing_key = 'bookings.ExpertNoticeIssued' ORDER BY position DESC LIMIT 50"
    )
    sealer = Sealer(house.secrets.sealing_keys("notifications"))
    told = [json.loads(sealer.unseal(row["data"])) for row in rows if row["data"]]
    ways = [(one["channel"], one["address"]) for one in told
            if one["ambassador_id"] == circle.ambassador_id]  # fmt: skip
    assert ways == [("sms", "+447700900123")]


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"contact_way": "phone"}, ""),
        ({"contact_way": "email", "reach": "Sherwood"}, ""),
        ({"contact_way": "pigeon"}, "/contact_way"),
        ({"preferred_name": "Much\nMore"}, "/preferred_name"),
        ({"email": "one@example.org, two@example.org"}, "/email"),
        ({"surname": "Miller"}, "/surname"),
    ],
)
async def test_whoever_cannot_be_reached_is_not_registered(bookings_http, token, form, pointer):
    said = {"preferred_name": "Much", "contact_way": "via_ambassador", **form}
    answer = await bookings_http.post(
        "/lived-experience/experts",
        json=said,
        headers={**token("beneficiary_ambassador"), **a.key()},
    )
    assert answer.status_code == 422, answer.text
    assert pointer in {fault["pointer"] for fault in answer.json()["errors"]}


async def test_a_person_is_in_the_register_once(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    form = {"preferred_name": "M.", "contact_way": "via_ambassador", "email": circle.email}
    again = await bookings_http.post(
        "/lived-experience/experts", json=form, headers={**circle.ambassador, **a.key()}
    )
    assert again.status_code == 409


async def test_an_expert_who_comes_to_learn_is_one_learner_among_others(
    bookings_http, bookings_database, token
):
    circle = await a_circle(bookings_http, token)
    expert = await a.ask_for_place(bookings_http, circle.event, email=circle.email)
    other = await a.ask_for_place(bookings_http, circle.event)
    rows = await bookings_database.pool.fetch(
        "SELECT to_jsonb(booking) - 'booking_id' - 'person_id' - 'booked_at' - 'turn' AS said"
        "  FROM booking WHERE booking_id = ANY ($1::text[]::uuid[])",
        [expert.json()["booking_id"], other.json()["booking_id"]],
    )
    assert rows[0]["said"] == rows[1]["said"]
    assert expert.json().keys() == other.json().keys()


async def test_nothing_that_is_told_leads_to_the_person(bookings_http, bookings_database, token):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.engaged()
    path = f"engagements/{engagement_id}"
    await circle.do(circle.expert, "PUT", f"{path}/sharing-plan", text="The hostel")
    await circle.do(circle.expert, "POST", f"{path}/withdrawal")
    bodies = await bookings_database.pool.fetch(
        "SELECT body FROM outbox WHERE exchange = 'pdu.messages'"
    )
    secrets = (circle.expert_id, str(person(circle.email)), circle.ambassador_id, "Much the Miller")
    assert not [row for row in bodies if any(one in row["body"] for one in secrets)]


async def test_who_reads_for_operators_does_not_get_in(house):
    conn = await asyncpg.connect(house.database_url("bookings_ro", "pdu_bookings"))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.fetch("SELECT person_id FROM lived_experience.expert")
    finally:
        await conn.close()


async def test_who_supports_an_expert_is_told_sealed_and_again_when_that_changes(
    bookings_http, bookings_database, token, house
):
    circle = await a_circle(bookings_http, token)
    engagement_id = (await circle.opt_in(involvement="little")).json()["engagement_id"]
    path = f"/lived-experience/experts/{circle.expert_id}/ambassador"
    next_one = str(uuid4())
    answer = await bookings_http.put(
        path, json={"ambassador_id": next_one}, headers=circle.coordinator
    )
    assert answer.status_code == 204
    rows = await bookings_database.pool.fetch(
        "SELECT body::json->>'data' AS data FROM outbox"
        " WHERE subject = $1 AND routing_key = 'bookings.ExpertSupported'"
        " AND exchange = 'pdu.sealed' ORDER BY position",
        f"engagement/{engagement_id}",
    )
    sealer = Sealer(house.secrets.sealing_keys("notifications"))
    opened_again = [json.loads(sealer.unseal(row["data"])) for row in rows]
    assert len(opened_again) == 2
    assert [one["ambassador_id"] == next_one for one in opened_again] == [False, True]
    assert all(circle.expert_id not in str(one) for one in opened_again)
