"""What is taken as an e-mail address, and what is not."""

import pytest

from pdu_resources.rules.address import one_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana@example.org", "ana@example.org"),
        ("Ana.Example+pdu@Mail.Example.ORG", "Ana.Example+pdu@mail.example.org"),
        ("ana@b\u00fccher.example.org", "ana@b\u00fccher.example.org"),
    ],
)
def test_an_address_is_kept_as_it_was_written_but_for_its_host(typed, kept):
    assert one_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "ana@",
        "@example.org",
        "ana@example",
        "ana@example..org",
        "ana example@example.org",
        "ana@example.org, ben@example.org",
        "ana@example.org;ben@example.org",
        "ana@example.org\nBcc: ben@example.org",
        "ana@example.org\r\n",
        "Ana <ana@example.org>",
        "ana(comment)@example.org",
        '"ana b"@example.org',
        "ana@[127.0.0.1]",
        "ana@localhost",
        "an\u202ea@example.org",
        f"{'a' * 65}@example.org",
        f"ana@{'a' * 64}.example.org",
    ],
)
def test_what_is_not_exactly_one_address_is_refused_without_repeating_it(typed):
    with pytest.raises(ValueError, match="one e-mail address") as refused:
        one_address(typed)
    assert str(refused.value) == "Write one e-mail address, such as name@example.org."
