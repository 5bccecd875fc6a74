"""Two publications side by side tell nobody of a few people, checked by a reader with a solver."""

from hypothesis import given, settings
from hypothesis import strategies as some

from pdu_reporting.rules.publication import Told, may_replace, rounded_down
from pdu_reporting.rules.withholding import LIMIT, withheld_of_list
from reading_between import Reader

NUMBERS = some.one_of(some.just(0), some.integers(1, 9), some.integers(10, 90))
CODES = ("statutory", "voluntary", "private", "faith")
CHANGES = some.one_of(some.integers(-6, 8), some.just(0), some.just(20))


@some.composite
def corrections(draw):
    """A list, and the same list after corrections."""
    before = {code: draw(NUMBERS) for code in CODES[: draw(some.integers(2, 4))]}
    after = {code: max(0, number + draw(CHANGES)) for code, number in before.items()}
    return before, after


def told_of(numbers, beside=frozenset()):
    total = sum(numbers.values())
    hidden = withheld_of_list(numbers, limit=LIMIT, beside=beside)
    shown = {code: number for code, number in numbers.items() if code not in (hidden or ())}
    return Told(None if 0 < total < LIMIT else total, shown if hidden is not None else {}, hidden)


def learn(reader, when, numbers, told):
    """The reader sees a publication."""
    reader.sees((when, "all"), told.total)
    reader.knows_that_they_add_up([(when, code) for code in numbers], (when, "all"))
    for code, number in told.numbers.items():
        reader.sees((when, code), number)


@settings(max_examples=60, deadline=None)
@given(corrections())
def test_two_publications_side_by_side_tell_of_nobody(pair):
    before, after = pair
    first = told_of(before)
    second = told_of(after, first.hidden or frozenset())
    if not may_replace(first, second, LIMIT):
        return  # the first one stands
    reader = Reader()
    learn(reader, "before", before, first)
    learn(reader, "after", after, second)
    for code in before:
        if 0 < abs(after[code] - before[code]) < LIMIT:
            least, most = reader.can_tell(("after", code), less=("before", code))
            assert most - least >= LIMIT, f"{code} changed by {least} to {most}"


def test_a_small_change_may_not_be_told():
    before = Told(42, {"statutory": 30, "voluntary": 12}, frozenset())
    assert may_replace(before, Told(52, {"statutory": 40, "voluntary": 12}, frozenset()), LIMIT)
    assert not may_replace(before, Told(45, {"statutory": 33, "voluntary": 12}, frozenset()), LIMIT)
    moved = Told(42, {"statutory": 28, "voluntary": 14}, frozenset())
    assert not may_replace(before, moved, LIMIT)


def test_what_the_withheld_add_up_to_may_not_change_a_little_either():
    before = Told(50, {"statutory": 30}, frozenset({"private", "faith"}))
    assert not may_replace(before, Told(62, {"statutory": 40}, before.hidden), LIMIT)
    assert may_replace(before, Told(65, {"statutory": 40}, before.hidden), LIMIT)


def test_what_was_withheld_may_not_be_shown_later():
    before = Told(50, {"statutory": 30}, frozenset({"private", "faith"}))
    after = Told(70, {"statutory": 40, "private": 15, "faith": 15}, frozenset())
    assert not may_replace(before, after, LIMIT)


def test_a_number_is_rounded_down():
    assert [rounded_down(number, 5) for number in (4, 5, 9, 10)] == [0, 5, 5, 10]
