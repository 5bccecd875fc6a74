"""A message for many is composed once, and each copy reads as if it had been written alone."""

import email
import email.policy
from datetime import UTC, datetime
from email.headerregistry import Address

import pytest

from pdu_shared import mail
from pdu_shared.mail_merge import Merge

TO, ID, LINK = "to-9c1e7b", "0" * 64, "1" + "z" * 43


def message(text, html=None):
    return mail.compose(
        mail.Letter(
            message_id=f"<{ID}@example.org>",
            written_at=datetime(2027, 1, 5, 10, tzinfo=UTC),
            sender=Address("PDU", "pdu", "example.org"),
            to=Address(username=TO, domain="example.org"),
            subject="Ünited: the bulletin",
            text=text,
            html=html,
            unsubscribe=f"https://portal.example.org/u/{LINK}",
            encoding="quoted-printable",
        )
    )


def content(part):
    return part.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize("before", range(80))
def test_a_copy_reads_as_composed_wherever_the_lines_are_broken(before):
    said = f"{'x' * before}{LINK}{'é' * 40} end.\n.dot\n"
    merge = Merge.of(message(said), [f"{TO}@example.org", ID, LINK])
    token = b"1" + b"q_-" * 14 + b"q"
    raw = merge.copy([b"marian@example.org", b"f" * 64, token])
    assert max(len(line) for line in raw.split(b"\r\n\r\n", 1)[1].split(b"\r\n")) <= 78
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert read["To"] == "marian@example.org"
    assert read["Message-ID"] == f"<{'f' * 64}@example.org>"
    assert read["List-Unsubscribe"] == f"<https://portal.example.org/u/{token.decode()}>"
    assert content(read) == said.replace(LINK, token.decode())


def test_both_parts_have_their_own_words():
    both = message(f"Choose: https://example.org/p/{LINK}\n", f'<a href="/p/{LINK}">Choose</a>\n')
    raw = Merge.of(both, [LINK]).copy([b"1abc"])
    read = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [content(part) for part in read.iter_parts()]
    assert parts == ["Choose: https://example.org/p/1abc\n", '<a href="/p/1abc">Choose</a>\n']


def test_a_place_that_is_not_there_is_noticed():
    with pytest.raises(ValueError, match="missing"):
        Merge.of(message("Nothing."), ["nowhere-at-all"])


@pytest.mark.parametrize("wrong", [b"a\r\nBcc: b@example.org", b"a b", b"a=20", b".", b"\xc3\xa9"])
def test_words_that_would_break_a_message_are_refused(wrong):
    merge = Merge.of(message(LINK), [LINK])
    with pytest.raises(ValueError, match="cannot stand"):
        merge.copy([wrong])
