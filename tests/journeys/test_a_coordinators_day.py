"""The coordinator's desk before the real services: they take what its forms send."""

import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

import a
from portal.serving import served
from portal.signing_in import a_viewer, cookie_of
from portal.stand_in import COOKIE_KEY

ROLES = ("coordinator", "member")
WORDS = {
    "title": "A day at the desk", "event_type": "workshop", "purpose": "Try it.",
    "outcomes": "One\nTwo", "level": "introductory", "audience": "any", "workstream": "housing",
}  # fmt: skip
DAY = a.local_now().date() + timedelta(days=60)
WHEN = {"day": DAY.isoformat(), "starts": "13:00", "ends": "15:00", "mode": "in_person"}
HALL = {"place": "Hall", "capacity": "12"}


@pytest.fixture(scope="module")
async def desk(house):
    """Somebody at the desk: `open(path)` and `press(page, action, …)`, as a browser would."""
    async with (
        house.process("bookings", broker=False) as bookings,
        house.process("notifications", broker=False) as notifications,
    ):
        told = {"bookings_url": bookings.url, "notifications_url": notifications.url}
        with served(cookie_key=COOKIE_KEY, **told) as address:
            async with httpx.AsyncClient(base_url=address, timeout=30) as browser:
                yield Desk(house, browser)


class Desk:
    """Reads pages, and presses buttons on them."""

    def __init__(self, house, browser):
        self.house, self.browser = house, browser
        self.sit_down(UUID(int=1))

    def sit_down(self, person):
        header = self.house.authorised(*ROLES, sub=person)["Authorization"]
        viewer = a_viewer(*ROLES, token=header.removeprefix("Bearer "), person_id=str(person))
        self.browser.cookies.set(*cookie_of(viewer), domain=self.browser.base_url.host)

    async def open(self, path):
        page = await self.browser.get(path)
        assert page.status_code == 200, page.text[:1500]
        assert "cannot be shown" not in page.text
        return page.text

    async def press(self, page, action, **said):
        said["key"] = found(await self.open(page), "key")
        return await self.browser.post(action, data=said)

    async def pressed(self, page, action, **said):
        answer = await self.press(page, action, **said)
        assert answer.status_code == 303, summary(answer.text)
        return answer.headers["location"]


def found(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def summary(page):
    return re.sub(r"<[^>]+>|\s+", " ", page)[:3000]


async def test_an_event_from_its_draft_to_its_end(desk, bookings_http):
    new = "/coordinate/events/new"
    event = await desk.pressed(new, new, **WORDS, **WHEN, **HALL)
    await desk.pressed(event, f"{event}/publish")
    shown = await desk.open(event)
    version, session_id = found(shown, "version"), found(shown, "session_id")
    await desk.pressed(event, f"{event}/words", version=version, **WORDS | {"purpose": "Why."})
    stale = await desk.press(event, f"{event}/words", version=version, **WORDS)
    assert "Somebody else changed this" in stale.text
    moved = {**WHEN, **HALL, "capacity": "14", "session_id": session_id, "capacity_was": "12"}
    await desk.pressed(event, f"{event}/move", **moved)
    asked = {"name": "Will", "email": a.person()["email"], "role": "speaker"}
    await desk.pressed(event, f"{event}/speakers", session_id=session_id, **asked)
    copy = await desk.pressed(event, f"{event}/copy", **WHEN, **HALL)
    assert copy != event

    form = {"learning_event_id": event.rpartition("/")[2]}
    booked = (await a.ask_for_place(bookings_http, form)).json()["booking_id"]
    register = f"{event}/register/{session_id}"
    tap = {"key": found(await desk.open(register), "key"), f"mark:{booked}": "present"}
    early = await desk.browser.post(f"{register}/mark", data=tap)
    assert early.status_code == 422
    assert early.json()["trouble"]

    assert "Alan a Dale" in await desk.open(event)


async def test_two_people_bring_out_an_issue(desk):
    title = f"An issue of {''.join('abcdefghij'[int(n)] for n in a.local_now().strftime('%f'))}"
    issue = await desk.pressed("/coordinate/bulletins", "/coordinate/bulletins", title=title)
    written = {"title": title, "headline": "Cold nights."}
    seen = found(await desk.open(issue), "version")
    await desk.pressed(issue, issue, version=seen, **written)
    for person, state in ((1, "draft"), (1, "in_review"), (2, "approved")):
        desk.sit_down(UUID(int=person))
        seen = found(await desk.open(issue), "version")
        await desk.pressed(issue, f"{issue}/state", version=seen, state=state)

    shown = await desk.open(issue)
    assert "Send it then" in shown
    assert "Cold nights." in shown
