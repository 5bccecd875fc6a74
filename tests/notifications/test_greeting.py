"""A greeting is by name, and never a stranger's message."""

import pytest

from pdu_notifications.rules.greeting import greeting, one_line


@pytest.mark.parametrize(
    "name", ["Amina Yusuf", "Zoë", "Dr. Smith", "O'Neill-Brown", "李小龙", "J. R. Hartley"]
)
def test_a_person_is_greeted_by_name(name):
    assert greeting(name) == f"Hello {name},"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "Win at https://example.org",
        "see www.example.org",
        "example.com free money",
        "write to me@example.org",
        "<b>you</b>",
        "x" * 61,
    ],
)
def test_what_is_no_name_is_not_repeated(name):
    assert greeting(name) == "Hello,"


def test_control_characters_and_turned_text_do_not_get_into_a_letter():
    assert one_line("a\r\nBcc: b\x00c\u2028d\u202ee") == "a Bcc: b c de"
    assert greeting("Ana\nSubject: x") == "Hello Ana Subject: x,"
