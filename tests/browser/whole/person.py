"""Somebody at a browser: what they do there in their own words."""

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from signing_in import app_shows
from whole import Whole

DETAILS = {
    "What is your work mostly about?": "Mental health",
    "What is your role?": "Another role",
    "Where do you work?": "Nottingham City",
}
AWAY = "not answer just now"
CODE = "you sign in to the hub"
"""What a letter says that brings one."""
NOT_MEANT = ("server responded with a status", "net::ERR_INTERNET_DISCONNECTED")
"""Chromium reports every page that is not 200, and a line that was cut."""


@dataclass
class Person:
    """A browser of its own, and the address of whoever sits before it."""

    town: Whole
    context: Any
    page: Any
    email: str = ""
    secret: str = ""
    scripts: bool = True
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, line: Any) -> None:
        if line.type in {"error", "warning"} and not any(one in line.text for one in NOT_MEANT):
            self.complaints.append(f"{self.page.url}: {line.text}")

    async def open(self, path: str) -> None:
        """Go there; every part of the page is there."""
        for _ in range(4):  # a page of a busy machine says to load it again, and so people do
            answer = await self.page.goto(path)
            assert answer is not None
            if answer.status == HTTPStatus.OK and AWAY not in await self.said():
                return
            await self.page.wait_for_timeout(1000)
        raise AssertionError((path, answer.status, await self.said()))

    async def again(self) -> None:
        """Wait until a second press is not taken for a double press."""
        await self.page.wait_for_timeout(2100)

    async def press(self, words: str | re.Pattern[str], *, exact: bool = False) -> None:
        """Press the first button that says so."""
        await self.page.get_by_role("button", name=words, exact=exact).first.click()
        await self.page.wait_for_load_state()

    async def follow(self, words: str | re.Pattern[str]) -> None:
        """Follow the first link that says so."""
        await self.page.get_by_role("link", name=words).first.click()
        await self.page.wait_for_load_state()

    async def fill(self, **typed: str) -> None:
        """Type into the fields of these names."""
        for name, words in typed.items():
            await self.page.locator(f"[name='{name}']").first.fill(words)

    async def sees(self, words: str | re.Pattern[str]) -> None:
        """Wait until it is there to be read."""
        await self.page.get_by_text(words).first.wait_for(timeout=20_000)

    async def heading(self) -> str:
        """What the page says it is."""
        return str(await self.page.locator("h1").inner_text())

    async def said(self) -> str:
        """All that the page says."""
        return str(await self.page.locator("body").inner_text())

    async def sign_in(self) -> None:
        """With the code of a letter; staff with what their app shows, set up the first time."""
        seen = len(self.town.letters(self.email, CODE))
        await self.page.goto("/sign-in")
        await self.page.get_by_label("Your e-mail address").fill(self.email)
        await self.press("Send me a code")
        letter = await self.town.letter(self.email, CODE, seen=seen)
        code = re.search(r"\b\d{3} \d{3}\b", letter)
        assert code, letter
        await self.page.get_by_label("Six digits").fill(code[0])
        await self.press("Go on")
        app = "h1:has-text('second step'), h1:has-text('authenticator')"
        await self.page.locator(f"{app}, .site-footer").first.wait_for()
        if await self.page.locator("code.key").count():
            self.secret = (await self.page.locator("code.key").inner_text()).replace(" ", "")
        if await self.page.get_by_label("Six digits").count():
            await self.page.get_by_label("Six digits").fill(app_shows(self.secret))
            await self.press("Go on")
        await self.sees("You are signed in as")

    async def book(self, event: str, name: str, email: str) -> None:
        """Ask for a place, as a visitor does."""
        await self.open(f"/events/{event}")
        await self.fill_in_who(name, email)
        await self.press("Book my place")

    async def fill_in_who(self, name: str, email: str) -> None:
        """What a booking asks for."""
        self.email = email
        await self.page.get_by_label("Your name", exact=True).fill(name)
        await self.page.get_by_label("Your email address", exact=True).fill(email)
        await self.page.get_by_label("Voluntary, community and social").check()
        for label, choice in DETAILS.items():
            await self.page.get_by_label(label).select_option(label=choice)
