"""What is printed: shares from counts, a half goes up, and nothing where there is no whole."""

from fractions import Fraction

import pytest

from pdu_reporting.rules.share import half_up, share


@pytest.mark.parametrize(
    ("exact", "printed"),
    [
        (Fraction(1, 8), 0.13),  # 0.125: half to even would give 0.12
        (Fraction(3, 8), 0.38),
        (Fraction(1005, 1000), 1.01),  # a float of 1.005 lies below it
        (Fraction(1004, 1000), 1.0),
        (Fraction(2, 3), 0.67),
        (Fraction(0), 0.0),
    ],
)
def test_a_half_goes_up(exact, printed):
    assert half_up(exact) == printed


def test_a_share_is_worked_out_from_counts():
    assert share(38, 45, of=100) == 84.44
    assert share(346, 468, of=100) == 73.93
    assert share(280, 44) == 6.36


def test_nothing_has_no_share():
    assert share(0, 0, of=100) is None
