"""The coordinator's desk: a copy published, a register at the door, an issue that two approve."""

from datetime import timedelta

import a
from eventually import until


async def test_a_coordinator_copies_publishes_and_keeps_the_register_on_a_phone(
    town, token, signed_in
):
    http, header = town.http["bookings"], token("coordinator")
    event = await a.published_event(http, header)
    event_id, session_id = event["learning_event_id"], event["sessions"][0]["session_id"]
    await a.ask_for_place(http, event, name="Allan Dale")
    robin = await signed_in("coordinator", name="Robin Locksley", way="phone")

    await robin.open(f"/coordinate/events/{event_id}")
    await robin.follow("Copy it")
    await robin.page.get_by_text("Copy it to another day").click()
    day = a.local_now().date() + timedelta(days=50)
    await robin.page.locator("#copy [name='day']").fill(day.isoformat())
    await robin.press("Copy as a draft")
    copy = robin.page.url
    assert event_id not in copy
    await robin.press("Publish")
    await robin.sees("Open the register")
    assert (await http.get(f"/learning-events/{copy.rpartition('/')[2]}")).status_code == 200

    await town.began(event_id)
    await robin.open(f"/coordinate/events/{event_id}")
    await robin.press("Open the register")
    await robin.page.get_by_role("group", name="Allan Dale").get_by_text("Here", exact=True).click()
    await robin.page.get_by_text("Add somebody who just came").click()
    await robin.press("Add", exact=True)
    await robin.sees("1 came without a booking")

    async def both_are_kept():
        answer = await http.get(f"/sessions/{session_id}/register", headers=header)
        kept = answer.json()
        return [one["state"] for one in kept["expected"]] == ["present"] and kept["walked_in"]

    await until(both_are_kept)


async def test_one_person_writes_an_issue_and_another_approves_it(signed_in):
    robin = await signed_in("coordinator", name="Robin Locksley")
    await robin.open("/coordinate/bulletins")
    await robin.fill(title="Winter in Nottingham")
    await robin.press("Begin")
    issue = robin.page.url
    await robin.fill(headline="Cold nights, warm rooms.")
    await robin.press("Save, and look at it")
    await robin.sees("Cold nights, warm rooms.")
    await robin.again()
    await robin.press("I have all I need")
    await robin.again()
    await robin.press("Ask somebody else to read it")
    await robin.sees("Waits for a second pair of eyes")

    johanna = await signed_in("coordinator", name="Johanna Little")
    await johanna.open(issue)
    await johanna.press("Approve it")
    await johanna.sees("Send it then")
