"""What a letter says, as one small description, and how it becomes plain text and HTML.

A description holds neither name nor address nor link: these are put in when it is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from jinja2 import BaseLoader, PackageLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from pdu_notifications.rules.greeting import one_line

PROVIDER = "Practice Development Unit"
PLANS_CHANGE = "Plans change: cancel with this link, even on the day; nobody asks why."

Line = Annotated[str, AfterValidator(one_line)]
Page = Annotated[
    str, StringConstraints(pattern=r"^(?:https?://[!-~]{1,900}|[a-z0-9][A-Za-z0-9/_.-]{0,200})$")
]
"""An address on the web, or a path below the portal's."""


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them: A, B and C."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


class _Described(BaseModel):
    model_config = ConfigDict(frozen=True)


class Section(_Described):
    """A part of a letter: a heading, sentences, pairs of a term and what it is."""

    heading: Line | None = None
    sentences: tuple[Line, ...] = ()
    facts: tuple[tuple[Line, Line], ...] = ()
    manage: Line | None = None
    """The words of the link with which a booking is managed or a survey answered."""
    pages: tuple[tuple[Line, Page], ...] = ()
    """Links that are everybody's: what each is called, and where it leads."""


class Appointment(_Described):
    """A session as an entry of somebody's own calendar."""

    uid: UUID
    starts_at: datetime
    ends_at: datetime
    summary: Line
    place: Line
    revision: int = 0
    """How often the session was moved before this letter."""


class Diary(_Described):
    """What the calendar file asks the reader's calendar to do."""

    method: Literal["PUBLISH", "CANCEL"]
    appointments: tuple[Appointment, ...]


class Content(_Described):
    """All that a letter says, but for whom it greets and where its link goes."""

    subject: Line
    sections: tuple[Section, ...]
    diary: Diary | None = None
    short: Line | None = None
    """What a text message says instead, with the names of those who write and a link around it."""

    @property
    def needs_link(self) -> bool:
        """Whether it cannot go without its link."""
        return any(section.manage for section in self.sections)


@dataclass(frozen=True, slots=True)
class Words:
    """A letter in both its forms."""

    text: str
    html: str


def words(
    content: Content,
    *,
    greeting: str,
    link: str | None,
    choose: str | None = None,
    portal: str | None = None,
) -> Words:
    """The letter in words. ValueError when it needs a link and there is none.

    `choose` is where its reader says what they want to get, in letters that they can do without;
    `portal` is where links that are everybody's begin.
    """
    if portal is None and any(section.pages for section in content.sections):
        raise ValueError("This letter needs the portal's address.")
    if content.needs_link and link is None:
        raise ValueError("This letter needs a link.")
    said: dict[str, object] = {
        "content": content,
        "greeting": greeting,
        "link": link,
        "provider": PROVIDER,
        "choose": choose,
        "portal": portal,
    }
    return Words(text=_TEXT.render(said), html=_HTML.render(said))


def proved(loader: BaseLoader, name: str, specimen: Mapping[str, object] | None = None) -> Template:
    """A template that has written a letter with everything in it, or what the specimen says.

    Raises UndefinedError, so that the service does not start, for one that asks for what no letter
    has: at night it would be too late.
    """
    template = SandboxedEnvironment(
        loader=loader,
        # Everything is escaped but in plain text, where there is nothing to escape from.
        autoescape=name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    ).get_template(name)
    template.render(specimen or _SPECIMEN)
    return template


_SPECIMEN: dict[str, object] = {
    "content": Content(
        subject="A letter",
        sections=(
            Section(
                heading="With everything",
                sentences=("That a letter can have.",),
                facts=(("Such as", "a fact"),),
                manage="A link of one's own",
                pages=(("A page of everybody's", "events"), ("Elsewhere", "https://example.org/")),
            ),
            Section(),
        ),
    ),
    "greeting": "Hello,",
    "link": "https://portal.example.org/b/1",
    "provider": PROVIDER,
    "choose": "https://portal.example.org/p/1",
    "portal": "https://portal.example.org",
}
_TEXT, _HTML = (
    proved(PackageLoader("pdu_notifications"), name) for name in ("letter.txt", "letter.html")
)
