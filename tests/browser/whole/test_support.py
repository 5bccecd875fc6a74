"""An ambassador, and somebody who shares what they lived through: asked, briefed, told."""

import re

import a


async def test_an_ambassador_briefs_and_asks_afterwards_how_it_was(town, token, signed_in):
    title = "Nobody can do it alone"
    event = await a.published_event(town.http["bookings"], token("coordinator"), title=title)
    tuck = await signed_in("beneficiary_ambassador", name="Tuck Fryer", way="phone")
    await tuck.open("/support/people/new")
    await tuck.fill(preferred_name="Much Miller")
    await tuck.page.get_by_label("Through the ambassador").check()
    await tuck.press("Add them")
    await tuck.sees("Much Miller")

    await tuck.open("/support/opportunities")
    await tuck.follow(re.compile(title))
    for label in ("Much Miller", "Talk with people at a table", "Some"):
        await tuck.page.get_by_label(label, exact=True).check()
    await tuck.fill(told_on=a.local_now().date().isoformat())
    await tuck.press("Write it down")
    await tuck.follow(title)
    await tuck.follow(re.compile(r"Write it down\s*: briefing"))
    for words in ("the event", "their part in it", "who will be there"):
        await tuck.page.get_by_label(f"We talked about {words}").check()
    day = a.local_now().date().isoformat()
    await tuck.fill(briefed_on=day)
    await tuck.press("Save the briefing")
    await tuck.sees("not yet confirmed")

    await town.began(event["learning_event_id"])
    await tuck.follow(re.compile(r"Write it down\s*: what they did"))
    await tuck.fill(contributed_on=day)
    await tuck.page.get_by_label("Talk with people at a table").check()
    await tuck.page.get_by_label("Decided together").check()
    await tuck.press("Save")
    await tuck.follow(re.compile(r"Write it down\s*: asked how it was"))
    await tuck.fill(debriefed_on=day)
    await tuck.press("Save")
    await tuck.sees("Decided together")
    assert "Much Miller" not in tuck.page.url
