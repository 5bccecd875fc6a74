"""The checker of histories, on histories whose answer is known."""

import pytest

from linearizable import Op, linearizable


def last_one_wins(state, op):
    """A slate: writing replaces, reading shows."""
    return (op.who, None) if op.name == "write" else (state, state)


def write(asked, answered, value):
    return Op(asked, answered, "write", value, None)


def read(asked, answered, value):
    return Op(asked, answered, "read", None, value)


@pytest.mark.parametrize(
    "history",
    [
        [write(0, 1, "a"), read(2, 3, "a")],
        [write(0, 9, "a"), read(1, 2, ""), read(3, 4, "a")],
        [write(0, 5, "a"), write(1, 6, "b"), read(7, 8, "a"), read(9, 10, "a")],
    ],
)
def test_what_one_clerk_could_have_done(history):
    assert linearizable(history, "", last_one_wins)


@pytest.mark.parametrize(
    "history",
    [
        [write(0, 1, "a"), read(2, 3, "")],
        [write(0, 9, "a"), read(1, 2, "a"), read(3, 4, "")],
        [write(0, 5, "a"), write(1, 6, "b"), read(7, 8, "a"), read(9, 10, "b")],
    ],
)
def test_what_no_clerk_could_have_done(history):
    assert not linearizable(history, "", last_one_wins)
