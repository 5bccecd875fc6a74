"""The bulletin: who asked for it, an issue that went out, and one that is being written."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

from pdu_local.demo.cast import address, people
from pdu_local.demo.change import SECOND
from pdu_local.demo.past import COORDINATOR
from pdu_local.demo.programme import guest
from pdu_local.demo.stage import Stage, clock, said

Link = Callable[[str], Awaitable[str]]
"""The token of the link in the newest letter that asks somebody back."""
LINK = re.compile(r"/p/([\w.~-]+)")
GUESTS = 8
SOON = timedelta(seconds=15)
BEGUN = ("draft", "in_review", "approved", "scheduled")


async def write(stage: Stage, link: Link) -> None:
    """Find readers, send one issue and begin the next."""
    offer = await stage.read("notifications", "/subscriptions/offer")
    readers = [address(who) for who in people()] + [guest(one)["email"] for one in range(GUESTS)]
    async with asyncio.TaskGroup() as group:
        for email in readers:
            group.create_task(_subscribe(stage, link, email, offer["words_version"]))
    issues = said("bulletin")
    await _send(stage, issues["sent"])
    await stage.do("issue.next", "POST notifications /bulletins", issues["coming"], by=COORDINATOR)


async def _subscribe(stage: Stage, link: Link, email: str, words_version: int) -> None:
    form = {"email": email, "lists": ["bulletin"], "words_version": words_version}
    await stage.do(f"reader.{email}", "POST notifications /subscriptions", form)
    if f"reader.{email}.yes" not in stage.ledger:
        token = await link(email)
        await stage.do(f"reader.{email}.yes", f"POST notifications /p/{token}/confirmation")


async def _send(stage: Stage, issue: dict[str, object]) -> None:
    key = issue["issue_key"]
    now = await stage.do("issue", "POST notifications /bulletins", issue, by=COORDINATOR)
    for state in BEGUN:
        # It goes to few, but here as always somebody else reads it first.
        by = SECOND if state == "approved" else COORDINATOR
        form = {"state": state}
        if state == "scheduled":
            form["scheduled_for"] = (clock() + SOON).isoformat(timespec="seconds")
        now = await stage.do(
            f"issue.{state}",
            f"PUT notifications /bulletins/{key}/state",
            form,
            by=by,
            seen=now["version"],
        )
