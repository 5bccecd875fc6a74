"""A telephone number is kept as every network reads it, and what is none is refused in words."""

import pytest

from pdu_shared.phone import BadNumber, number, takes_texts


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 (0)7700 900 123", "+447700900123"),
        ("0044 7700-900.123", "+447700900123"),
        ("0115 496 0000", "+441154960000"),
        ("+353 20 915 1234", "+353209151234"),
    ],
)
def test_however_it_is_written_it_is_kept_alike(written, kept):
    assert number(written) == kept


@pytest.mark.parametrize(
    "written",
    ["", "7700 900123", "0115", "+0 115 496 0000", "ring us", "0" * 30, "++44"],
)
def test_what_is_no_number_is_refused_without_repeating_it(written):
    with pytest.raises(BadNumber) as refused:
        number(written)
    assert not written or written not in str(refused.value)


def test_a_text_message_goes_to_mobiles_only():
    assert [takes_texts(one) for one in ("07700 900123", "0115 496 0000", "076 0000 0000")] == [
        True,
        False,
        False,
    ]
