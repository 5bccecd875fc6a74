"""An issue as people read it: in Chromium, checked by axe, when narrow and in the dark."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from notifications.test_every_letter import BEYOND, DARK, GROUND, STANDARDS, page  # noqa: F401
from pdu_notifications.bulletin.issue import Entry, Issue, Texts
from pdu_notifications.bulletin.rendering import place_of, words_of
from pdu_notifications.rules.bulletin import IssueState, Section
from pdu_shared.contracts.vocabulary import MailingList

PORTAL = "https://portal.example.org"
EVERYTHING = """
# A heading

Words, **strong** and *soft*, `code`, and [a link that says where it leads](https://example.org/).

## A smaller one

- one
- two

1. first
2. second

| Day | Place |
|-----|-------|
| Monday | Sneinton Hermitage |

> Somebody said this.

    in a row of its own, long enough to be wider than what a small telephone can show at once

Averylongwordwithoutanyplaceatwhichonecouldbreakitthatiswiderthanasmalltelephonecanshow
"""


def an_issue_with_everything():
    sections = [one for one in Section if one.heading]
    return Issue(
        issue_id=uuid4(),
        issue_key="bulletin-2027-01",
        list=MailingList.BULLETIN,
        title="The PDU bulletin, January 2027",
        topics=(),
        sectors=(),
        work_fields=(),
        texts=Texts(headline="We met.", **dict.fromkeys(map(str, sections), EVERYTHING)),
        left_out=(),
        entries=tuple(
            Entry(
                section=section,
                source="learning_event",
                source_id=uuid4(),
                title=f"What is {path or 'nowhere'} in {section}",
                facts=["Thursday 14 January 2027, 1pm to 4:30pm (GMT), Sneinton Hermitage"],
                path=path,
            )
            for section in sections
            for path in ("events/1", None)
        ),
        state=IssueState.SENT,
        note=None,
        version=1,
        news_since=datetime.now(UTC),
        written_by=(),
        approved_by=None,
        scheduled_for=None,
        began_at=datetime.now(UTC),
        sent_at=datetime.now(UTC),
        counts=None,
        changed_at=datetime.now(UTC),
    )


async def test_an_issue_is_a_page_that_everybody_can_read(page):  # noqa: F811
    axe = pytest.importorskip("axe_playwright_python.async_playwright", reason="axe is missing")
    issue = an_issue_with_everything()
    html = words_of(issue, issue.told, place_of(issue, PORTAL), choose=f"{PORTAL}/p/x").html
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.set_content(html)
    found = []
    for scheme, asked in (("light", STANDARDS), ("dark", ["cat.color"])):
        await page.emulate_media(color_scheme=scheme)
        answer = await axe.Axe().run(page, options={"runOnly": asked, "preload": False})
        found += [(one["id"], one["nodes"][0]["html"]) for one in answer.response["violations"]]
    assert found == []
    assert await page.evaluate(GROUND) == DARK
    assert await page.evaluate(BEYOND) <= 0
