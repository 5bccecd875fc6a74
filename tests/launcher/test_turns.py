"""The tests that go first are there."""

from pdu_local.paths import ROOT
from turns import LONGEST, turn


def test_what_goes_first_is_in_the_tree():
    named = [path for together in LONGEST for path in together]
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_a_test_knows_its_turn():
    assert turn(f"{LONGEST[1][0]}::test_something") == 1
    assert turn("tests/shared/test_logs.py::test_something") == len(LONGEST)
