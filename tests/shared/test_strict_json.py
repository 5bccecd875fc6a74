"""What two JSON parsers could read differently is not read at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdu_shared import strict_json

NESTED = "It is nested more than 20 levels deep."
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(min_codepoint=1, codec="utf-8")), inner)
    ),
    max_leaves=12,
)


@given(values)
def test_every_ordinary_value_is_read_as_it_was_written(value):
    assert strict_json.loads(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"a": 1, "a": 2}', "the same key twice"),
        (b'[{"b": {"a": 1, "a": 1}}]', "the same key twice"),
        (b'{"a": NaN}', "NaN and Infinity"),
        (b"[-Infinity]", "NaN and Infinity"),
        (b"1e999", "too large"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'"a\x00b"', "not JSON"),
        (b'"a\\u0000b"', "NUL"),
        (b'"\\\\\\u0000"', "NUL"),
        (b"{'a': 1}", "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"{} {}", "not JSON"),
        (b"", "not JSON"),
        (b"[" * 21 + b"]" * 21, NESTED),
        (b"[" * 60_000, NESTED),
        (b'{"a":' * 21 + b"1" + b"}" * 21, NESTED),
    ],
)
def test_what_is_unfit_is_refused_with_its_reason(body, words):
    with pytest.raises(ValueError, match=words):
        strict_json.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 20 + b"]" * 20,
        b"[" + b",".join([b"[]"] * 50) + b"]",
        b'"' + b"[" * 50 + b'"',
        b'["\\"[[[[[[[[[[[[[[[[[[[[[[[["]',
        b'"\\\\u0000"',
    ],
)
def test_what_only_looks_unfit_is_read(body):
    assert strict_json.loads(body) == json.loads(body)


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_number_beyond_all_bounds_is_read_as_one_for_whoever_has_bounds_to_refuse(sign):
    beyond = int(f"{sign}1{'0' * 30}")
    assert strict_json.loads(f"[{sign}{'9' * 31}]".encode()) == [beyond]
    assert strict_json.loads(f"[{sign}{'9' * 60_000}]".encode()) == [beyond]


def test_half_a_character_is_not_text_and_a_whole_pair_is():
    with pytest.raises(strict_json.NotText):
        strict_json.loads(b'{"\\ud83d": 1}')
    assert strict_json.loads(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_the_reason_repeats_nothing_of_the_text():
    with pytest.raises(ValueError, match="line 1 column 11") as raised:
        strict_json.loads(b'{"email": s@example.org}')
    assert "example" not in str(raised.value)
