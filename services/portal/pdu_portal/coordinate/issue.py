"""An issue of the bulletin as notifications answers it: its parts, states and steps."""

from datetime import datetime

from pydantic import BaseModel

PARTS = {
    "headline": "To begin with",
    "upcoming": "Coming up",
    "communities": "Communities of Practice",
    "hub": "New in the online hub",
    "local_news": "Local news",
    "national_news": "National news",
    "change": "You said, we did, and what changed",
    "have_your_say": "Have your say",
}
STATES = {
    "collecting": "Collecting",
    "draft": "Draft",
    "in_review": "Waits for a second pair of eyes",
    "approved": "Approved",
    "scheduled": "Has its time",
    "sending": "Being sent",
    "paused": "Paused",
    "sent": "Sent",
    "archived": "In the archive",
    "withdrawn": "Withdrawn",
}
STEPS = {
    "collecting": (("draft", "I have all I need"),),
    "draft": (("in_review", "Ask somebody else to read it"),),
    "in_review": (("approved", "Approve it"), ("draft", "Send it back")),
    "approved": (("draft", "Change it once more"),),
    "scheduled": (("draft", "Stop it, and change it"),),
    "sending": (("paused", "Pause it"),),
    "paused": (("sending", "Go on"), ("withdrawn", "Stop for good")),
}
WRITABLE = ("collecting", "draft")


class IssueLine(BaseModel):
    """An issue in the list."""

    issue_key: str
    title: str
    state: str
    scheduled_for: datetime | None = None
    sent_at: datetime | None = None


class Issues(BaseModel):
    """The newest first."""

    items: list[IssueLine] = []


class Entry(BaseModel):
    """Something that is put in by itself."""

    section: str
    title: str
    source_id: str
    facts: list[str] = []


class Issue(BaseModel):
    """One issue as it is written."""

    issue_key: str
    title: str
    state: str
    version: int
    texts: dict[str, str | None] = {}
    entries: list[Entry] = []
    left_out: list[str] = []
    topics: list[str] = []
    list: str = "bulletin"
    recipients: int = 0
    needs_second_person: bool = False
    note: str | None = None
    scheduled_for: datetime | None = None
    sent_at: datetime | None = None
    copies: dict[str, int] = {}


class Finding(BaseModel):
    """Something that the checks found."""

    severity: str
    pointer: str
    detail: str

    @property
    def part(self) -> str:
        """In which part it is."""
        return PARTS.get(self.pointer.rpartition("/")[2], "The issue")


class Checks(BaseModel):
    """What the checks found."""

    ok: bool = True
    findings: list[Finding] = []
