"""Dates, places and messages in plain words."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pdu_portal.event_shapes import LearningEvent, Price, Session
from pdu_portal.journal_shapes import Envelope

LONDON = ZoneInfo("Europe/London")
NOON = 12
HALF_A_DAY = timedelta(hours=2, minutes=45)
A_DAY = timedelta(hours=5)
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

MODES = {"in_person": "In person", "online": "Online", "hybrid": "In person or online"}
KINDS = {"cop_session": "Community session"}
HAPPENED = {
    "EventDrafted": "an event is being planned",
    "EventPublished": "an event is announced",
    "EventUpdated": "an event is described anew",
    "EventPostponed": "an event is postponed",
    "EventCancelled": "an event is cancelled",
    "SessionScheduled": "an event has its day and place",
    "SessionRescheduled": "an event has another day or place",
    "SessionMovedOnline": "an event is online now",
    "SeriesDefined": "there is a new series of events",
    "FollowUpEventLinked": "an event takes up another",
    "FollowUpInvited": "someone is invited to a follow-up",
    "ResourceSubmitted": "a member offers something for the library",
    "ResourcePublished": "there is something new in the library",
    "ResourceReviewed": "something in the library was looked through",
    "ResourceArchived": "something in the library is put aside",
    "EventBooked": "someone has a place",
    "BookingWaitlisted": "someone is on the waiting list",
    "BookingCancelled": "a place is given back",
    "SessionCapacityChanged": "an event has more or fewer places",
    "AttendanceRecorded": "someone came, or told us",
    "AttendanceCorrected": "the register is put right",
    "HeadCountRecorded": "heads were counted",
    "EventHeld": "an event took place",
    "EventHeldWithdrawn": "an event did not take place after all",
    "CopCreated": "a community is proposed",
    "CopStateChanged": "a community goes on",
    "CopMemberJoined": "someone joined a community",
    "CopMemberLeft": "someone left a community",
    "CopConvenorAssigned": "someone promised to convene a community",
    "CertificateIssued": "someone has a certificate",
    "CertificateWithdrawn": "a certificate is withdrawn",
    "LedgerCounted": "a service says how much it has told",
    "MessagesMissing": "reporting asks to be told again",
    "CommandTaken": "a command is carried out",
    "CommandRefused": "a command is refused",
    "MemberRegistered": "someone joined the hub",
    "WorkstreamDefined": "a theme has a name",
    "ProjectYearDefined": "a project year has its dates",
    "ImpactRecorded": "something changed for the better",
    "ImpactVerified": "someone else has seen what changed",
    "ImpactPublished": "a change can be read by everybody",
    "ImpactWithdrawn": "a change is told no more",
    "CaseStudyPublished": "a story of what helped can be read",
    "CaseStudyWithdrawn": "a story is shown no more",
    "QuoteApproved": "someone's words may be passed on",
    "QuoteWithdrawn": "someone's words are passed on no more",
    "YouSaidRecorded": "people said what should change",
    "WeDidReported": "what people said has come further",
    "BulletinIssued": "the bulletin has gone out",
    "MessageQueued": "a letter is written",
    "MessageSent": "the letter has gone out",
    "MessageFailed": "a letter could not be delivered",
    "MessageSuppressed": "a letter was not wanted",
    "AnnotationAdded": "figures are to be read with what happened then",
    "CategoryRecoded": "a word counts as another in figures",
    "SnapshotFrozen": "figures are frozen, to be looked up later",
    "FigurePublished": "a figure is there for everybody to see",
    "FigureCorrected": "a figure that everybody sees is corrected",
}


def plain(code: str | None) -> str:
    """A code as words: development_day becomes Development day."""
    words = (code or "").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def local(moment: datetime) -> datetime:
    """The moment on the clocks of the place."""
    return moment.astimezone(LONDON)


def long_day(moment: datetime) -> str:
    """Thursday 3 December 2026."""
    return day(local(moment))


def day(on: date) -> str:
    """Thursday 3 December 2026, where nobody asks at what time."""
    return f"{on:%A} {on.day} {on:%B %Y}"


def clock(moment: datetime) -> str:
    """4:30pm, and 1pm on the hour."""
    at = local(moment)
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % NOON or NOON}{minutes}{'am' if at.hour < NOON else 'pm'}"


def hours(session: Session) -> str:
    """1pm to 4:30pm."""
    return f"{clock(session.starts_at)} to {clock(session.ends_at)}"


def lasting(session: Session) -> str:
    """How much of a day a session takes."""
    lasts = session.ends_at - session.starts_at
    if lasts >= A_DAY:
        return "a day"
    if lasts >= HALF_A_DAY:
        return "half a day"
    minutes = round(lasts.total_seconds() / 60)
    if minutes % 60:
        return f"{minutes} minutes"
    return "1 hour" if minutes == 60 else f"{minutes // 60} hours"  # noqa: PLR2004 an hour


def mode(code: str) -> str:
    """How people take part."""
    return MODES.get(code, plain(code))


def costs(price: Price | None) -> str:
    """What it costs whom, as a sentence."""
    if price is None:
        return "Free."
    pounds, pence = divmod(price.pence, 100)
    amount = f"£{pounds}.{pence:02}" if pence else f"£{pounds}"
    away = " if you work outside our area" if price.who_pays == "outside_area" else ""
    said = [f"{amount}{away}; free for volunteers, students and experts by experience."]
    return " ".join([*said, *([price.note] if price.note else [])])


def where(session: Session) -> str:
    """The place, or that there is none to go to."""
    return session.place or mode(session.mode)


def kind(learning_event: LearningEvent) -> str:
    """Workshop, introductory."""
    first = KINDS.get(learning_event.kind) or plain(learning_event.event_type) or "Event"
    level = plain(learning_event.level).lower()
    return f"{first}, {level}" if level else first


def places(sessions: Sequence[Session]) -> str:
    """How many places are left, calmly."""
    left = [s.places_left for s in sessions if s.places_left is not None]
    if not left:
        return ""
    if max(left) == 0:
        return "Full, waiting list open"
    if min(left) == 0:
        return "Some days full"
    return "1 place left" if min(left) == 1 else f"{min(left)} places left"


def waiting(session: Session) -> str:
    """How many wait, as a sentence."""
    if not session.waiting:
        return "Nobody is waiting yet."
    people = "1 person is" if session.waiting == 1 else f"{session.waiting} people are"
    return f"{people} on the waiting list."


def took(milliseconds: int) -> str:
    """31 ms, 2.4 s, 3 min: how long a service needed."""
    for unit, below, name in ((1, SECOND, "ms"), (MINUTE, HOUR, "min"), (HOUR, DAY, "h")):
        if name == "min" and milliseconds < MINUTE:
            return f"{milliseconds / SECOND:.1f} s"
        if milliseconds < below:
            return f"{milliseconds // unit} {name}"
    return f"{milliseconds // DAY} d"


def happened(name: str) -> str:
    """What a message says, for someone who has never seen one."""
    if name in HAPPENED:
        return HAPPENED[name]
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return spaced.strip()


def detail(message: Envelope) -> str:
    """What a message tells besides its name: a title, or codes; never a person."""
    data = message.data
    told = [data.get(key) for key in ("title", "label", "template", "sector", "work_field")]
    said = [word for word in told if isinstance(word, str) and word not in {"", "unknown"}]
    return ", ".join(plain(word).lower() if "_" in word else word for word in said)
