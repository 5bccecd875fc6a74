"""Letters as e-mail: to one checked address, and nothing in them that a mail server misreads."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

LONGEST_ADDRESS = 320
LONGEST_PLAIN = 254  # RFC 5321 with its erratum 1690
LONGEST_SUBJECT = 200
PLAIN = re.compile(
    rf"(?=.{{1,{LONGEST_PLAIN}}}\Z)((?=.{{1,64}}@)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)"
    r"@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
)
"""What most addresses look like: nothing that is refused looks like it, but some hosts."""
REFERENCE_HEADER = "X-PDU-Letter"
UNFOLDED = frozenset(
    {"list-unsubscribe", "list-unsubscribe-post", "message-id", REFERENCE_HEADER.lower()}
)
"""Mail programs read these as one line, and signatures over them break when they are folded."""
REFERENCE = re.compile(r"[\w.-]{1,80}", re.ASCII)
UNSUBSCRIBE = re.compile(r"https?://[\x21-\x3b\x3d\x3f-\x7e]{1,900}")


class _Wire(EmailPolicy):
    def fold(self, name: str, value: str) -> str:
        if name.lower() in UNFOLDED:
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in UNFOLDED:
            return self.fold(name, value).encode("ascii")
        return bytes(super().fold_binary(name, value))


# Seven bits everywhere: no server on the way needs 8BITMIME, and no signature breaks.
WIRE = _Wire(linesep="\r\n", cte_type="7bit")
MESSAGE_ID = re.compile(r"<[\w.+=-]{1,200}@[A-Za-z0-9.-]{1,255}>", re.ASCII)
TOP_LEVEL = re.compile(r"\.(?:[a-z]{2,63}|xn--[a-z0-9-]+)$", re.IGNORECASE)
METHOD = re.compile(r"^METHOD:([A-Z]+)\s*$", re.MULTILINE)
# Unicode's control characters, line and paragraph separators, and halves of characters.
UNPRINTABLE = frozenset({"Cc", "Zl", "Zp", "Cs"})
REFUSALS = (
    (
        re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"),
        "An e-mail address has no control characters.",
    ),
    (re.compile(r"@.*@|[,;]"), "Give one e-mail address only."),
    (re.compile(r"""["<>()\[\]\\]"""), "Leave out quotes and brackets."),
    (re.compile(r"\s"), "An e-mail address has no spaces."),
    (re.compile(r"\.\.|^\.|\.@|@\.|\.$"), "A dot in this e-mail address is in the wrong place."),
    (re.compile(r"^[^@]*[^\x00-\x7f][^@]*@"), "Before the @, use letters a to z without accents."),
    (re.compile(r"^[^@]*$"), "An e-mail address has an @."),
)


class BadAddress(ValueError):
    """Text that is not the address of one mailbox; the words never repeat it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one person receives: the text, if wished also as HTML, and a calendar file."""

    message_id: str
    written_at: datetime
    sender: Address
    to: Address
    subject: str
    text: str
    html: str | None = None
    calendar: str | None = None
    unsubscribe: str | None = None
    """Where one click ends what this letter belongs to (RFC 8058)."""
    reference: str | None = None
    """By this people find it among ours when somebody shows it to them."""
    encoding: Literal["quoted-printable"] | None = None
    """How its text travels; by default whatever is shortest."""


def address(text: str) -> Address:
    """The mailbox that this text names, its host in ASCII; BadAddress says what is wrong.

    Whether anyone reads mail there is not asked: only a letter finds out.
    """
    text = text.strip(" ")
    if plain := PLAIN.fullmatch(text):
        return Address(username=plain[1], domain=_checked_host(plain[2]))
    if len(text) > LONGEST_ADDRESS:
        raise BadAddress(f"An e-mail address has at most {LONGEST_ADDRESS} characters.")
    for pattern, words in REFUSALS:
        if pattern.search(text):
            raise BadAddress(words)
    found = _checked(text)
    return Address(username=found.local_part, domain=found.ascii_domain)


# Most names are plain, and many people share few hosts: no need to take each apart again.
@lru_cache(maxsize=1024)
def _checked_host(host: str) -> str:
    return _checked(f"a@{host}").ascii_domain


def _checked(text: str) -> ValidatedEmail:
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise BadAddress("This is not a complete e-mail address.") from None
    if not TOP_LEVEL.search(found.ascii_domain):
        raise BadAddress("This is not a complete e-mail address.")
    return found


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the letter with this key: the same at every attempt to send it."""
    return f"<{sha256(key.encode()).hexdigest()}@{domain}>"


def compose(letter: Letter) -> EmailMessage:
    """The letter as a message with one recipient; ValueError when a field cannot be sent."""
    if not MESSAGE_ID.fullmatch(letter.message_id):
        raise ValueError("A Message-ID has the form <key@domain>.")
    if letter.written_at.tzinfo is None:
        raise ValueError("The date of a letter has an offset.")
    message = EmailMessage(policy=WIRE)
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = letter.written_at
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday replies stay away
    if letter.reference is not None:
        if not REFERENCE.fullmatch(letter.reference):
            raise ValueError("A reference is a word.")
        message[REFERENCE_HEADER] = letter.reference
    if letter.unsubscribe is not None:
        if not UNSUBSCRIBE.fullmatch(letter.unsubscribe):
            raise ValueError("The link that ends a list is a web address of one line.")
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_printable(letter.text), cte=letter.encoding)
    if letter.html is not None:
        message.add_alternative(_printable(letter.html), subtype="html", cte=letter.encoding)
    if letter.calendar is not None:
        _attach_calendar(message, letter.calendar)
    return message


def _attach_calendar(message: EmailMessage, calendar: str) -> None:
    method = METHOD.search(calendar.replace("\r\n", "\n"))
    message.add_attachment(
        calendar,
        subtype="calendar",
        filename="event.ics",
        params={"method": method[1] if method else "PUBLISH"},
    )


def _one_line(text: str) -> str:
    return " ".join(_printable(text).split())[:LONGEST_SUBJECT].rstrip()


def _printable(text: str) -> str:
    return "".join(
        character
        if character in "\n\t" or unicodedata.category(character) not in UNPRINTABLE
        else " "
        for character in text.replace("\r\n", "\n")
    )
