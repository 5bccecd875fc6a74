"""The booking form: what it asks, what is wrong with an answer, and what is sent on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pdu_portal.form import Form, key_of
from pdu_portal.shapes import Refusal, Term, Vocabulary

SESSIONS = "sessions"
LONGEST_NAME = 200
LONGEST_EMAIL = 254
NOT_ASKED = "unknown"
EMAIL = re.compile(r"[^\s@,;:<>\"()\[\]\\]+@[^\s@,;:<>\"()\[\]\\.]+(\.[^\s@,;:<>\"()\[\]\\.]+)+")

CHOOSE_HOW = "Choose how you will come"
CHOOSE_SESSION = "Choose one of the sessions that are at the same time"
ENTER_NAME = "Enter your name"
ENTER_EMAIL = "Enter an email address with a full ending, like name@example.org"
SHORTER = "Use no more than 200 letters"
LETTERS_ONLY = "Use letters only, on one line"


@dataclass(frozen=True, slots=True)
class Question:
    """One list to choose from: its field, its list and the words when nothing is chosen."""

    name: str
    offered: str
    missing: str


CHOICES = (
    Question("sector", "sectors", "Choose the sector you work in"),
    Question("work_field", "work_fields", "Choose what your work is mostly about"),
    Question("role_level", "role_levels", "Choose your role"),
    Question("area", "areas", "Choose where you work"),
)
OPTIONAL = ("heard_about", "attending")
CHOSEN = "parallel:"
"""With the word that sessions at the same time share: which of them somebody comes to."""
FIELDS = ("name", "email", "organisation", *(one.name for one in CHOICES), *OPTIONAL, SESSIONS)


def read(sent: Mapping[str, str], vocabulary: Vocabulary | None) -> Form:
    """The form as it was sent, with every error in the order of the page."""
    values = {name: sent.get(name, "").strip() for name in FIELDS}
    values |= {name: said.strip() for name, said in sent.items() if name.startswith(CHOSEN)}
    found = {
        "name": _wrong_name(values["name"]),
        "email": wrong_email(values["email"]),
        "organisation": wrong_text(values["organisation"]),
        **wrong_choices(values, vocabulary),
    }
    errors = {name: words for name, words in found.items() if words}
    return Form(key_of(sent), values, errors)


def booking(form: Form, vocabulary: Vocabulary | None) -> dict[str, object]:
    """What is sent to bookings."""
    body: dict[str, object] = {name: form.value(name) for name in ("name", "email")}
    chosen = sorted(said for name, said in form.values.items() if name.startswith(CHOSEN) and said)
    body |= {SESSIONS: chosen} if chosen else {}
    optional = {name: form.value(name) for name in OPTIONAL}
    body |= {name: said for name, said in optional.items() if said}
    return body | described(form, vocabulary)


def described(form: Form, vocabulary: Vocabulary | None) -> dict[str, str]:
    """Who somebody is at the moment; without the lists, what could not be asked is `unknown`."""
    said = {}
    for one in CHOICES:
        asked = vocabulary is not None and bool(getattr(vocabulary, one.offered))
        said[one.name] = form.value(one.name) if asked else NOT_ASKED
    if form.value("organisation"):
        said["organisation"] = form.value("organisation")
    return said


def wrong_choices(values: Mapping[str, str], vocabulary: Vocabulary | None) -> dict[str, str]:
    """What is wrong with what was chosen from the lists, as far as they are there."""
    found = {}
    for one in CHOICES if vocabulary else ():
        terms: list[Term] = getattr(vocabulary, one.offered)
        chosen = values[one.name] in {term.code for term in terms}
        found[one.name] = one.missing if terms and not chosen else ""
    return found


def with_refusal(form: Form, refusal: Refusal) -> Form:
    """The form with what bookings said is wrong, at the field it names where it names one."""
    errors = {
        name: _own_words(name) or wrong.detail
        for wrong in refusal.errors
        if (name := wrong.pointer.strip("/").replace("/", ":")) in form.values
    }
    trouble = "" if errors else refusal.detail or refusal.title or "This could not be booked"
    # What was refused is remembered with its key: another try is another question.
    return Form(values=form.values, errors=errors, trouble=trouble)


def _own_words(name: str) -> str:
    own = {
        "name": ENTER_NAME,
        "email": ENTER_EMAIL,
        "attending": CHOOSE_HOW,
        SESSIONS: CHOOSE_SESSION,
    }
    return own.get(name) or {one.name: one.missing for one in CHOICES}.get(name, "")


def _wrong_name(name: str) -> str:
    return wrong_text(name) if name else ENTER_NAME


def wrong_text(text: str) -> str:
    """What is wrong with one line of text."""
    if len(text) > LONGEST_NAME:
        return SHORTER
    return "" if text.isprintable() else LETTERS_ONLY


def wrong_email(email: str) -> str:
    """What is wrong with an address."""
    right = len(email) <= LONGEST_EMAIL and email.isprintable() and EMAIL.fullmatch(email)
    return "" if right else ENTER_EMAIL
