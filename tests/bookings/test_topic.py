"""Topics: anybody suggests them, people stand behind them, a coordinator decides and answers."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

import a
import suggested
from pdu_bookings.place.link import token_for
from pdu_bookings.topic.forgetting import forget_due
from pdu_shared.database import transaction


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def told(database, topic):
    rows = await database.pool.fetch(
        "SELECT routing_key, exchange, body FROM outbox WHERE subject = $1 ORDER BY position",
        f"topic/{topic['topic_id']}",
    )
    return [row["routing_key"].partition(".")[2] for row in rows]


async def backlog(http, coordinator, topic):
    answer = await http.get("/topics/backlog", params={"limit": 100}, headers=coordinator)
    return {one["topic_id"]: one for one in answer.json()["items"]}[topic["topic_id"]]


async def shown(http, **asked):
    answer = await http.get("/topics", params={"limit": 100, **asked})
    return {one["topic_id"]: one for one in answer.json()["items"]}


async def test_a_suggestion_is_public_only_in_the_coordinators_words(bookings_http, coordinator):
    topic = await suggested.topic(bookings_http, text="My client Ana moved again")
    assert topic["topic_id"] not in await shown(bookings_http)
    assert (await backlog(bookings_http, coordinator, topic))["text"] == "My client Ana moved again"
    wording = {"wording": "People who move", "workstream": "housing"}
    await suggested.put(bookings_http, coordinator, topic, "wording", **wording)
    public = (await shown(bookings_http, workstream="housing"))[topic["topic_id"]]
    assert (public["wording"], public["state"], public["backers"]) == (
        "People who move",
        "received",
        0,
    )
    assert "Ana" not in str(public)


async def test_who_suggests_is_kept_in_no_message(bookings_http, bookings_database):
    reply_to = suggested.reply_to(name="Much the Miller's Son")
    topic = await suggested.topic(bookings_http, text="About mills", reply_to=reply_to)
    [body] = await bookings_database.pool.fetch(
        "SELECT body FROM outbox WHERE subject = $1", f"topic/{topic['topic_id']}"
    )
    for private in ("Much", "mills", reply_to["email"]):
        assert private not in body["body"]
    assert '"source":"suggestion"' in body["body"]


async def test_the_same_request_is_one_topic(bookings_http, bookings_database):
    key, form = a.key(), suggested.words(text=f"Once {uuid4()}")
    answers = await asyncio.gather(
        *(bookings_http.post("/topics", json=form, headers=key) for _ in range(5))
    )
    assert len({answer.text for answer in answers if answer.status_code == 201}) == 1
    kept = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM topic WHERE text = $1", form["text"]
    )
    assert kept == 1


async def test_an_answer_to_a_survey_becomes_a_topic_once(bookings_http, coordinator):
    form = suggested.words(source="survey", text_id=str(uuid4()))
    promoted = [
        await bookings_http.post("/topics/gathered", json=form, headers={**coordinator, **a.key()})
        for _ in range(2)
    ]
    first, second = (answer.json()["topic_id"] for answer in promoted)
    assert first == second
    topic = await backlog(bookings_http, coordinator, promoted[0].json())
    assert topic["source"] == "survey"


async def test_only_those_who_gather_say_that_a_topic_was_gathered(bookings_http, token):
    form = suggested.words(source="steering_group")
    public = await bookings_http.post("/topics", json=form, headers=a.key())
    assert (public.status_code, public.json()["errors"][0]["pointer"]) == (422, "/source")
    member = await bookings_http.post(
        "/topics/gathered", json=form, headers={**token("member"), **a.key()}
    )
    group = await bookings_http.post(
        "/topics/gathered", json=form, headers={**token("steering_group"), **a.key()}
    )
    assert (member.status_code, group.status_code) == (403, 201)


async def test_a_person_counts_once_however_often_they_back(
    bookings_http, bookings_database, token, coordinator
):
    topic = await suggested.topic(bookings_http, coordinator)
    member = token("member")
    twice = await asyncio.gather(
        *(suggested.put(bookings_http, member, topic, "backing") for _ in range(5))
    )
    other = await suggested.put(bookings_http, token("expert_by_experience"), topic, "backing")
    assert {one["backers"] for one in twice} == {1}
    assert (other["backers"], other["state"]) == (2, "backed")
    assert await told(bookings_database, topic) == ["TopicSuggested", "TopicBacked", "TopicBacked"]


async def test_whoever_has_booked_backs_by_their_link(
    bookings_http, bookings_database, token, coordinator, house
):
    topic = await suggested.topic(bookings_http, coordinator)
    event = await a.published_event(bookings_http, coordinator)
    booking_id = UUID((await a.ask_for_place(bookings_http, event)).json()["booking_id"])
    person_id = await bookings_database.pool.fetchval(
        "SELECT person_id FROM booking WHERE booking_id = $1", booking_id
    )
    link = token_for(house.secrets.link_key.encode(), booking_id)
    path = f"/topics/{topic['topic_id']}/backing"
    by_link = await bookings_http.put(f"/b/{link}{path}")
    signed_in = await bookings_http.put(path, headers=token("member", sub=person_id))
    assert by_link.json() == signed_in.json()
    assert by_link.json()["backers"] == 1
    assert (await bookings_http.put(f"/b/{'1' * 44}{path}")).status_code == 404


async def test_what_is_not_public_or_decided_is_not_backed(bookings_http, token, coordinator):
    hidden = await suggested.topic(bookings_http)
    answer = await suggested.try_to_put(bookings_http, token("member"), hidden, "backing")
    assert answer.status_code == 404
    public = await suggested.topic(bookings_http, coordinator)
    declined = {"decision": "declined_with_reason", "reason": "There is a course on it."}
    await suggested.put(bookings_http, coordinator, public, "decision", **declined)
    answer = await suggested.try_to_put(bookings_http, token("member"), public, "backing")
    assert answer.status_code == 409
    assert public["topic_id"] not in await shown(bookings_http)


async def test_backers_move_along_and_chains_end_in_one_topic(
    bookings_http, bookings_database, token, coordinator
):
    first, second, third = [await suggested.topic(bookings_http, coordinator) for _ in range(3)]
    both, one = token("member"), token("manager")
    for headers, topic in ((both, first), (both, second), (one, first)):
        await suggested.put(bookings_http, headers, topic, "backing")
    await suggested.put(bookings_http, coordinator, first, "merge", into=second["topic_id"])
    merged = await suggested.put(
        bookings_http, coordinator, second, "merge", into=third["topic_id"]
    )
    assert merged == {"topic_id": third["topic_id"], "state": "backed", "backers": 2}
    late = await suggested.put(bookings_http, token("member"), first, "backing")
    assert (late["topic_id"], late["backers"]) == (third["topic_id"], 3)
    for topic in (first, second):
        seen = await suggested.status(bookings_http, topic)
        assert (seen["merged"], seen["state"], seen["backers"]) == (True, "backed", 3)
    assert (await told(bookings_database, second))[-1] == "TopicDecided"


async def test_topics_merged_into_each_other_at_once_never_make_a_circle(
    bookings_http, bookings_database, coordinator
):
    topics = [await suggested.topic(bookings_http, coordinator) for _ in range(4)]
    answers = await asyncio.gather(
        *(
            suggested.try_to_put(bookings_http, coordinator, topic, "merge", into=into["topic_id"])
            for topic, into in zip(topics, [*topics[1:], topics[0]], strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 422]
    kept = await bookings_database.pool.fetch(
        "SELECT FROM topic WHERE topic_id = ANY ($1::text[]::uuid[]) AND state <> 'merged'",
        [topic["topic_id"] for topic in topics],
    )
    assert len(kept) == 1
    seen = [await suggested.status(bookings_http, topic) for topic in topics]
    assert [one["merged"] for one in seen].count(True) == 3


async def test_a_topic_is_not_merged_into_itself_or_nothing(bookings_http, coordinator):
    topic = await suggested.topic(bookings_http, coordinator)
    for into, code in ((topic["topic_id"], "itself"), (str(uuid4()), "unknown-topic")):
        answer = await suggested.try_to_put(bookings_http, coordinator, topic, "merge", into=into)
        assert (answer.status_code, answer.json()["errors"][0]) == (
            422,
            {**answer.json()["errors"][0], "pointer": "/into", "code": code},
        )


async def test_a_topic_leads_to_its_learning_event(bookings_http, bookings_database, coordinator):
    topic = await suggested.topic(bookings_http, coordinator)
    await suggested.put(bookings_http, coordinator, topic, "decision", decision="planned")
    event = await a.published_event(bookings_http, coordinator)
    decision = {"decision": "scheduled", "learning_event_id": event["learning_event_id"]}
    for _ in range(2):
        await suggested.put(bookings_http, coordinator, topic, "decision", **decision)
    seen = await suggested.status(bookings_http, topic)
    assert (seen["state"], seen["learning_event_id"]) == ("scheduled", event["learning_event_id"])
    assert await told(bookings_database, topic) == [
        "TopicSuggested",
        "TopicDecided",
        "TopicDecided",
    ]


async def test_a_decision_that_does_not_fit_changes_nothing(
    bookings_http, bookings_database, coordinator
):
    topic = await suggested.topic(bookings_http, coordinator)
    draft = await bookings_http.post(
        "/learning-events", json=a.learning_event(), headers={**coordinator, **a.key()}
    )
    wrong = [
        ({"decision": "scheduled", "learning_event_id": str(uuid4())}, 422),
        (
            {
                "decision": "scheduled",
                "learning_event_id": draft.json()["learning_event_id"],
            },
            422,
        ),
        ({"decision": "scheduled"}, 422),
        ({"decision": "declined_with_reason"}, 422),
        ({"decision": "declined_with_reason", "reason": " \n "}, 422),
        ({"decision": "answered"}, 422),
        ({"decision": "planned", "reason": "Why not"}, 422),
    ]
    for form, status in wrong:
        answer = await suggested.try_to_put(bookings_http, coordinator, topic, "decision", **form)
        assert answer.status_code == status, answer.text
    early = await suggested.try_to_put(bookings_http, coordinator, topic, "answer", text="Yes.")
    assert early.status_code == 409
    assert (await suggested.status(bookings_http, topic))["state"] == "received"
    assert await told(bookings_database, topic) == ["TopicSuggested"]


async def test_everybody_who_wants_an_answer_gets_one_letter(
    bookings_http, bookings_database, coordinator
):
    asked, same, quiet = [
        await suggested.topic(bookings_http, coordinator, **said)
        for said in ({"reply_to": suggested.reply_to()}, {"reply_to": suggested.reply_to()}, {})
    ]
    for topic in (same, quiet):
        await suggested.put(bookings_http, coordinator, topic, "merge", into=asked["topic_id"])
    declined = {"decision": "declined_with_reason", "reason": "There is a course on it."}
    await suggested.put(bookings_http, coordinator, asked, "decision", **declined)
    answers = [
        await suggested.put(bookings_http, coordinator, asked, "answer", text="Look in the hub.")
        for _ in range(2)
    ]
    assert answers == [{"letters": 2}, {"letters": 2}]
    assert (await told(bookings_database, asked)).count("TopicAnswered") == 1
    assert (await told(bookings_database, same)).count("TopicAnswered") == 1
    assert "TopicAnswered" not in await told(bookings_database, quiet)
    seen = await suggested.status(bookings_http, quiet)
    assert (seen["answer"], seen["reason"]) == ("Look in the hub.", declined["reason"])
    other = await suggested.try_to_put(bookings_http, coordinator, asked, "answer", text="No.")
    assert other.status_code == 409


async def test_who_suggested_is_forgotten_four_weeks_after_the_answer(
    bookings_http, bookings_database, coordinator
):
    answered, waiting = [
        await suggested.topic(bookings_http, coordinator, reply_to=suggested.reply_to())
        for _ in range(2)
    ]
    declined = {"decision": "declined_with_reason", "reason": "There is a course on it."}
    await suggested.put(bookings_http, coordinator, answered, "decision", **declined)
    await suggested.put(bookings_http, coordinator, answered, "answer", text="Look in the hub.")

    async def kept_after(days):
        async with transaction(bookings_database) as conn:
            await forget_due(conn, datetime.now(UTC) + timedelta(days=days))
        return [
            (await backlog(bookings_http, coordinator, topic))["answer_wanted"]
            for topic in (answered, waiting)
        ]

    assert await kept_after(27) == [True, True]
    assert await kept_after(28) == [False, True]


async def test_a_link_that_we_did_not_make_shows_nothing(bookings_http, house):
    topic_id = UUID((await suggested.topic(bookings_http))["topic_id"])
    booking = token_for(house.secrets.link_key.encode(), topic_id)
    for token in (booking, "1" * 44, "x"):
        assert (await bookings_http.get(f"/t/{token}")).status_code == 404
