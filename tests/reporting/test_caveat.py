"""What has to be said beside a figure."""

from fractions import Fraction

import pytest

from pdu_reporting.rules.caveat import FEW, SMALL, Caveat, caveats, in_words


@pytest.mark.parametrize(
    ("base", "said"),
    [
        (0, [Caveat.COUNTS_ONLY]),
        (9, [Caveat.COUNTS_ONLY]),
        (10, [Caveat.SMALL_BASE]),
        (29, [Caveat.SMALL_BASE]),
        (30, []),
        (None, []),
    ],
)
def test_a_small_base_is_named(base, said):
    assert caveats(base=base, response_rate=None) == said


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (Fraction(29, 100), [Caveat.NOT_REPRESENTATIVE]),
        (Fraction(30, 100), []),
        (None, []),
    ],
)
def test_a_low_response_rate_is_named(rate, said):
    assert caveats(base=500, response_rate=rate) == said


def test_a_small_base_and_a_low_response_rate_are_both_named():
    assert caveats(base=12, response_rate=Fraction(1, 10)) == [
        Caveat.SMALL_BASE,
        Caveat.NOT_REPRESENTATIVE,
    ]


def test_every_caveat_has_its_words():
    assert all(in_words(caveat) for caveat in Caveat)
    assert str(FEW) in in_words(Caveat.COUNTS_ONLY)
    assert str(SMALL) in in_words(Caveat.SMALL_BASE)
    assert "12" in in_words(Caveat.SMALL_BASE, small=12)
