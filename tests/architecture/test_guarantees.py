"""A promise without its test is a hope: guarantees and security name tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(test_\w+)`")


def named_in(page: str) -> set[str]:
    return set(NAMED.findall(page))


def known_in(folder: Path) -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in folder.rglob("test_*.py"))
    return set(re.findall(r"def (test_\w+)", text))


@pytest.mark.parametrize("page", ["guarantees.md", "security.md"])
def test_every_promise_names_tests_that_exist(page):
    named = named_in((ROOT / "docs" / page).read_text("utf-8"))
    assert len(named) > 20
    assert named - known_in(ROOT / "tests") == set()


def test_a_test_that_does_not_exist_is_noticed():
    assert named_in("shown by `test_of_wishful_thinking`") - known_in(ROOT / "tests")
