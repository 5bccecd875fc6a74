"""People who speak: they offer, are asked, say yes or no, and decide what is shown of them."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

import a
import programme
import speaking
from pdu_bookings.topic.forgetting import forget_due
from pdu_bookings.topic.speakers import assigned
from pdu_shared.access import Caller
from pdu_shared.database import transaction


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def event(bookings_http, coordinator):
    return await a.published_event(bookings_http, coordinator)


async def told(database, subject):
    rows = await database.pool.fetch(
        "SELECT routing_key FROM outbox WHERE subject = $1 ORDER BY position", subject
    )
    return [row["routing_key"].partition(".")[2] for row in rows]


async def told_of(database, assignment):
    return await told(database, f"assignment/{assignment['assignment_id']}")


async def named(http, event):
    answer = await http.get(f"/learning-events/{event['learning_event_id']}/speakers")
    return [one["name"] for one in answer.json()["items"]]


async def offered(http, **details):
    answer = await http.post("/speaker-offers", json=speaking.offer(**details), headers=a.key())
    assert answer.status_code == 201, answer.text
    return answer.json()


async def offer_seen(http, coordinator, offer):
    answer = await http.get("/speaker-offers", params={"limit": 100}, headers=coordinator)
    return {one["offer_id"]: one for one in answer.json()["items"]}[offer["offer_id"]]


async def test_an_offer_is_told_without_name_or_words(
    bookings_http, bookings_database, coordinator
):
    offer = await offered(
        bookings_http, name="Will Scarlet", organisation="Sherwood", offer="About foxes"
    )
    [row] = await bookings_database.pool.fetch(
        "SELECT body FROM outbox WHERE subject = $1", f"offer/{offer['offer_id']}"
    )
    for private in ("Scarlet", "Sherwood", "foxes", "example.org"):
        assert private not in row["body"]
    seen = await offer_seen(bookings_http, coordinator, offer)
    assert (seen["name"], seen["offer"], seen["state"]) == (
        "Will Scarlet",
        "About foxes",
        "received",
    )


async def test_an_offer_is_matched_to_parallel_sessions(
    bookings_http, bookings_database, coordinator
):
    event = await a.published_event(bookings_http, coordinator, sessions=[a.session(), a.session()])
    offer = await offered(bookings_http)
    form = {"session_ids": [one["session_id"] for one in event["sessions"]]}
    path = f"/speaker-offers/{offer['offer_id']}/matches"
    for _ in range(2):  # matched again to the same sessions, nobody is written to again
        answer = await bookings_http.post(path, json=form, headers={**coordinator, **a.key()})
    items = answer.json()["items"]
    assert [one["offer_id"] for one in items] == [offer["offer_id"]] * 2
    for one in items:
        assert await told_of(bookings_database, one) == ["SpeakerInvited"]
    assert (await offer_seen(bookings_http, coordinator, offer))["state"] == "matched"


async def test_an_offer_is_declined_and_answered_once(
    bookings_http, bookings_database, coordinator
):
    offer = await offered(bookings_http)
    path = f"/speaker-offers/{offer['offer_id']}"
    for _ in range(2):
        declined = await bookings_http.put(
            f"{path}/triage", json={"state": "declined"}, headers=coordinator
        )
        assert declined.status_code == 204
    answers = [
        await bookings_http.put(
            f"{path}/answer", json={"text": "Thank you, not this year."}, headers=coordinator
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [204, 409]
    assert await told(bookings_database, f"offer/{offer['offer_id']}") == [
        "SpeakerOffered",
        "SpeakerAnswered",
    ]


async def test_who_says_yes_is_named_only_as_they_agreed(
    bookings_http, bookings_database, coordinator, event, house
):
    [assignment] = await speaking.asked(bookings_http, coordinator, event)
    link = speaking.link(house, assignment)
    assert await named(bookings_http, event) == []
    said = await bookings_http.post(f"{link}/confirmation", json={})
    assert (said.json()["state"], await named(bookings_http, event)) == ("confirmed", [])
    for name in ("Alan of the Dale", "Alan of the Dale", None):
        await bookings_http.post(f"{link}/confirmation", json={"published_name": name})
        assert await named(bookings_http, event) == ([name] if name else [])
    assert await told_of(bookings_database, assignment) == ["SpeakerInvited", "SpeakerConfirmed"]


async def test_who_withdraws_is_named_no_more_and_may_be_asked_again(
    bookings_http, bookings_database, coordinator, event, house
):
    person = speaking.speaker(event)
    [first] = await speaking.asked(bookings_http, coordinator, event, person)
    link = speaking.link(house, first)
    await bookings_http.post(f"{link}/confirmation", json={"published_name": "Alan"})
    for _ in range(2):
        assert (await bookings_http.post(f"{link}/withdrawal")).json()["state"] == "withdrawn"
    assert await named(bookings_http, event) == []
    assert (await told_of(bookings_database, first)).count("SpeakerWithdrew") == 1
    late = await bookings_http.post(f"{link}/confirmation", json={})
    assert late.status_code == 409
    both = await speaking.asked(bookings_http, coordinator, event, person)
    assert [one["state"] for one in both] == ["withdrawn", "invited"]


async def test_who_spoke_takes_their_name_back_when_it_is_over(
    bookings_http, bookings_database, coordinator, event, house
):
    [assignment] = await speaking.asked(bookings_http, coordinator, event)
    confirmation = f"{speaking.link(house, assignment)}/confirmation"
    await bookings_http.post(confirmation, json={"published_name": "Alan"})
    await programme.over(bookings_database, event)
    another = await bookings_http.post(confirmation, json={"published_name": "Little John"})
    assert (another.status_code, await named(bookings_http, event)) == (409, ["Alan"])
    for _ in range(2):
        assert (await bookings_http.post(confirmation, json={})).status_code == 200
        assert await named(bookings_http, event) == []


async def test_a_coordinator_takes_an_invitation_back(
    bookings_http, bookings_database, coordinator, event
):
    [assignment] = await speaking.asked(bookings_http, coordinator, event)
    path = f"/assignments/{assignment['assignment_id']}/withdrawal"
    for _ in range(2):
        assert (await bookings_http.put(path, headers=coordinator)).status_code == 204
    assert await told_of(bookings_database, assignment) == ["SpeakerInvited", "SpeakerWithdrew"]


async def test_many_are_asked_at_once_and_each_gets_one_letter(
    bookings_http, bookings_database, coordinator
):
    event = await a.published_event(
        bookings_http, coordinator, sessions=[a.session() for _ in range(5)]
    )
    people = [
        speaking.speaker(event, session=number % 5, role="facilitator") for number in range(40)
    ]
    answers = await asyncio.gather(
        *(
            speaking.try_to_ask(bookings_http, coordinator, event, *order)
            for order in (people, people[::-1], people, people[::-1])
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    items = answers[0].json()["items"]
    assert len(items) == 40
    letters = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM outbox WHERE routing_key LIKE '%SpeakerInvited'"
        " AND subject = ANY ($1::text[])",
        [f"assignment/{one['assignment_id']}" for one in items],
    )
    assert letters == 40


async def test_all_are_asked_or_nobody(bookings_http, coordinator, event):
    other = await a.published_event(bookings_http, coordinator)
    for wrong in (speaking.speaker(other), speaking.speaker(event, session_id=str(uuid4()))):
        answer = await speaking.try_to_ask(
            bookings_http, coordinator, event, speaking.speaker(event), wrong
        )
        assert answer.status_code == 422
        assert [one["pointer"] for one in answer.json()["errors"]] == ["/speakers/1/session_id"]
    seen = await bookings_http.get(
        f"/learning-events/{event['learning_event_id']}/assignments", headers=coordinator
    )
    assert seen.json() == {"items": []}


async def test_the_brief_is_acknowledged_in_the_version_that_was_read(
    bookings_http, coordinator, event, house
):
    [assignment] = await speaking.asked(bookings_http, coordinator, event)
    link = speaking.link(house, assignment)
    path = f"/learning-events/{event['learning_event_id']}/brief"

    async def write(text):
        return await bookings_http.put(path, json={"text": text}, headers=coordinator)

    empty = await bookings_http.get(path, headers=coordinator)
    assert empty.json() == {"version": 0, "text": None}
    first = (await write("Begin with a story.")).json()
    assert (await bookings_http.get(path, headers=coordinator)).json() == first
    assert (await write("Begin with a story.")).json() == first
    seen = (await bookings_http.get(link)).json()
    assert (seen["brief"], seen["brief_acknowledged"]) == (first, False)
    assert seen["learning_event"]["purpose"] == event["purpose"]
    read = await bookings_http.put(f"{link}/brief-acknowledgement", json={"version": 1})
    assert read.json()["brief_acknowledged"] is True
    await write("Begin with a story.\nEnd with a question.")
    old = await bookings_http.put(f"{link}/brief-acknowledgement", json={"version": 1})
    assert old.status_code == 409
    assert (await bookings_http.get(link)).json()["brief_acknowledged"] is False


async def test_consent_to_a_recording_is_told_when_it_changes(
    bookings_http, bookings_database, coordinator, event, house
):
    [assignment] = await speaking.asked(bookings_http, coordinator, event)
    link = speaking.link(house, assignment)
    said = []
    for agrees in (True, True, False, True):
        answer = await bookings_http.put(f"{link}/recording-consent", json={"agrees": agrees})
        said.append(answer.json()["recording_consent"])
    assert said == ["given", "given", "withdrawn", "given"]
    assert (await told_of(bookings_database, assignment)).count("RecordingConsentChanged") == 3


async def test_only_who_said_yes_is_assigned(
    bookings_http, bookings_database, coordinator, event, house
):
    [assignment] = await speaking.asked(bookings_http, coordinator, event)
    row = await bookings_database.pool.fetchrow(
        "SELECT person_id, session_id FROM assignment WHERE assignment_id = $1::text::uuid",
        assignment["assignment_id"],
    )

    async def is_assigned(sub):
        async with transaction(bookings_database) as conn:
            return await assigned(conn, Caller(sub=sub), row["session_id"])

    link = speaking.link(house, assignment)
    before = await is_assigned(row["person_id"])
    await bookings_http.post(f"{link}/confirmation", json={})
    assert (before, await is_assigned(row["person_id"])) == (False, True)
    assert not await is_assigned(uuid4())
    assert not await is_assigned(None)
    await bookings_http.post(f"{link}/withdrawal")
    assert not await is_assigned(row["person_id"])


async def test_who_spoke_is_forgotten_four_weeks_after_the_session(
    bookings_http, bookings_database, coordinator, house
):
    soon = await a.published_event(
        bookings_http, coordinator, sessions=[a.session(starts_in=timedelta(days=1))]
    )
    [assignment] = await speaking.asked(bookings_http, coordinator, soon)
    link = speaking.link(house, assignment)
    await bookings_http.post(f"{link}/confirmation", json={"published_name": "Alan"})
    path = f"/learning-events/{soon['learning_event_id']}/assignments"

    async def known_after(days):
        async with transaction(bookings_database) as conn:
            await forget_due(conn, datetime.now(UTC) + timedelta(days=days))
        [one] = (await bookings_http.get(path, headers=coordinator)).json()["items"]
        return one["name"]

    assert await known_after(28) is not None
    assert await known_after(29) is None
    assert await named(bookings_http, soon) == ["Alan"]  # with consent, until they take it back


async def test_a_link_for_something_else_opens_no_invitation(bookings_http):
    for token in ("1" * 44, "x"):
        for method, what, form in (
            ("GET", "", None),
            ("POST", "/confirmation", {}),
            ("POST", "/withdrawal", None),
            ("PUT", "/brief-acknowledgement", {"version": 0}),
            ("PUT", "/recording-consent", {"agrees": True}),
        ):
            answer = await bookings_http.request(method, f"/f/{token}{what}", json=form)
            assert answer.status_code == 404, what


async def test_a_draft_names_nobody_and_can_ask_already(bookings_http, coordinator):
    draft = await bookings_http.post(
        "/learning-events", json=a.learning_event(), headers={**coordinator, **a.key()}
    )
    event = draft.json()
    assert len(await speaking.asked(bookings_http, coordinator, event)) == 1
    path = f"/learning-events/{event['learning_event_id']}/speakers"
    assert (await bookings_http.get(path)).status_code == 404
