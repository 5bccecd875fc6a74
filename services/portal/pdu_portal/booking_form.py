"""The booking form: what it asks, what is wrong with an answer, and what is sent on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from fastapi import Request
from starlette.exceptions import HTTPException

from pdu_portal.shapes import Refusal, Term, Vocabulary

LARGEST = 64 * 1024
LONGEST_NAME = 200
LONGEST_EMAIL = 254
NOT_ASKED = "unknown"
EMAIL = re.compile(r"[^\s@,;:<>\"()\[\]\\]+@[^\s@,;:<>\"()\[\]\\.]+(\.[^\s@,;:<>\"()\[\]\\.]+)+")

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
FIELDS = ("name", "email", "organisation", *(one.name for one in CHOICES), "heard_about")


@dataclass(frozen=True, slots=True)
class Form:
    """What a person typed and what is wrong with it."""

    key: str = field(default_factory=lambda: str(uuid4()))
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    # A sentence above the form, when no single answer is at fault.
    trouble: str = ""

    def value(self, name: str) -> str:
        """What was typed."""
        return self.values.get(name, "")

    def error(self, name: str) -> str | None:
        """What is wrong with it."""
        return self.errors.get(name)

    def links(self) -> list[dict[str, str]]:
        """The error summary: each sentence leads to its field."""
        links = [{"text": text, "href": f"#{name}"} for name, text in self.errors.items()]
        return [*([{"text": self.trouble}] if self.trouble else []), *links]


async def typed(request: Request) -> dict[str, str]:
    """The fields of a posted form; raises 413 or 400."""
    sent = bytearray()
    async for part in request.stream():
        sent += part
        if len(sent) > LARGEST:
            raise HTTPException(413)
    try:
        return dict(parse_qsl(sent.decode(), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise HTTPException(400) from None


def read(sent: Mapping[str, str], vocabulary: Vocabulary | None) -> Form:
    """The form as it was sent, with every error in the order of the page."""
    values = {name: sent.get(name, "").strip() for name in FIELDS}
    found = {
        "name": _wrong_name(values["name"]),
        "email": _wrong_email(values["email"]),
        "organisation": _wrong_text(values["organisation"]),
    }
    if vocabulary:
        for one in CHOICES:
            terms: list[Term] = getattr(vocabulary, one.offered)
            chosen = values[one.name] in {term.code for term in terms}
            found[one.name] = one.missing if terms and not chosen else ""
    errors = {name: words for name, words in found.items() if words}
    return Form(_key(sent.get("key", "")), values, errors)


def booking(form: Form, vocabulary: Vocabulary | None) -> dict[str, str]:
    """What is sent to bookings; without the lists, what could not be asked is `unknown`."""
    body = {name: form.value(name) for name in ("name", "email")}
    for one in CHOICES:
        asked = vocabulary is not None and bool(getattr(vocabulary, one.offered))
        body[one.name] = form.value(one.name) if asked else NOT_ASKED
    for optional in ("organisation", "heard_about"):
        if form.value(optional):
            body[optional] = form.value(optional)
    return body


def with_refusal(form: Form, refusal: Refusal) -> Form:
    """The form with what bookings said is wrong, at the field it names where it names one."""
    errors = {
        name: _own_words(name) or wrong.detail
        for wrong in refusal.errors
        if (name := wrong.pointer.rpartition("/")[2]) in FIELDS
    }
    trouble = "" if errors else refusal.detail or refusal.title or "This could not be booked"
    # What was refused is remembered with its key: another try is another question.
    return Form(values=form.values, errors=errors, trouble=trouble)


def _own_words(name: str) -> str:
    own = {"name": ENTER_NAME, "email": ENTER_EMAIL}
    return own.get(name) or {one.name: one.missing for one in CHOICES}.get(name, "")


def _key(sent: str) -> str:
    try:
        return str(UUID(sent))
    except ValueError:
        return str(uuid4())


def _wrong_name(name: str) -> str:
    return _wrong_text(name) if name else ENTER_NAME


def _wrong_text(text: str) -> str:
    if len(text) > LONGEST_NAME:
        return SHORTER
    return "" if text.isprintable() else LETTERS_ONLY


def _wrong_email(email: str) -> str:
    right = len(email) <= LONGEST_EMAIL and email.isprintable() and EMAIL.fullmatch(email)
    return "" if right else ENTER_EMAIL
