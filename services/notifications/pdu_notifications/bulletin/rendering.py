"""An issue in words: plain text and accessible HTML, the same for everybody who gets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from jinja2 import PackageLoader

from pdu_notifications.bulletin.issue import Entry, Issue
from pdu_notifications.rules.bulletin import Section
from pdu_notifications.wording import PROVIDER, Words, proved
from pdu_shared.prose import html_of, text_of

IN_SECTION = 3
"""The level of an editor's first heading: the title is the first, the section the second."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where links lead: the portal, and the code by which it sees what they came through."""

    portal_url: str
    source: str

    def to(self, path: str) -> str:
        """An address of the portal, with the code. It says which issue, and nothing of whom."""
        return self.coded(f"{self.portal_url}/{path}")

    def coded(self, url: str) -> str:
        """The same address, with the code where it leads to the portal."""
        if not url.startswith(f"{self.portal_url}/"):
            return url
        parts = urlsplit(url)
        query = "&".join(filter(None, (parts.query, f"source={self.source}")))
        return urlunsplit(parts._replace(query=query))


@dataclass(frozen=True, slots=True)
class _Part:
    heading: str | None
    html: str
    text: str
    entries: Sequence[Entry]


def place_of(issue: Issue, portal_url: str) -> Place:
    """Where the links of an issue lead."""
    return Place(portal_url.rstrip("/"), issue.issue_key)


def words_of(
    issue: Issue, entries: Sequence[Entry], place: Place, *, choose: str | None = None
) -> Words:
    """The whole issue. `choose` is where its reader says what they want, in a letter of theirs."""
    said: dict[str, object] = {
        "title": issue.title,
        "parts": _parts(issue, entries, place),
        "to": place.to,
        "provider": PROVIDER,
        "on_the_web": place.to(f"bulletin/{issue.issue_key}"),
        "ask_for_it": Place(place.portal_url, f"{place.source}.forwarded").to("subscribe"),
        "choose": choose,
    }
    return Words(text=_TEXT.render(said), html=_HTML.render(said))


def _parts(issue: Issue, entries: Sequence[Entry], place: Place) -> list[_Part]:
    found = []
    for section in Section:
        markdown = issue.texts.of(section)
        inside = [entry for entry in entries if entry.section is section]
        if markdown or inside:
            top = IN_SECTION if section.heading else IN_SECTION - 1
            found.append(
                _Part(
                    section.heading,
                    html_of(markdown, top=top, lead=place.coded),
                    text_of(markdown, lead=place.coded),
                    inside,
                )
            )
    return found


_PART = _Part(
    "Coming up",
    "<p>Words.</p>",
    "Words.",
    [
        Entry(
            section=Section.UPCOMING,
            source="learning_event",
            source_id=UUID(int=0),
            title="With everything",
            facts=["A fact"],
            path="events",
        )
    ],
)
_SPECIMEN: dict[str, object] = {
    "title": "An issue",
    "parts": [_PART, _Part(None, "", "", [])],
    "to": Place("https://portal.example.org", "specimen").to,
    "provider": PROVIDER,
    "on_the_web": "https://portal.example.org/bulletin/specimen",
    "ask_for_it": "https://portal.example.org/subscribe",
    "choose": "https://portal.example.org/p/1",
}
_TEXT, _HTML = (
    proved(PackageLoader("pdu_notifications"), name, _SPECIMEN)
    for name in ("bulletin.txt", "bulletin.html")
)
