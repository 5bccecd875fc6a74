"""The lock files hold names, versions and hashes, and nothing about any machine."""

import re

import pytest

from pdu_local.paths import ROOT

LOCKS = sorted(ROOT.rglob("*.lock"))


def pinned(lock):
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock.read_text(), re.MULTILINE))


def own_locks():
    return [lock for lock in LOCKS if not {".venv", ".pdu"} & set(lock.relative_to(ROOT).parts)]


@pytest.mark.parametrize("lock", own_locks(), ids=lambda lock: lock.name)
def test_a_lock_names_no_address(lock):
    assert "://" not in lock.read_text()


@pytest.mark.parametrize("lock", own_locks(), ids=lambda lock: lock.name)
def test_every_package_of_a_lock_has_a_version_and_a_hash(lock):
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())

    assert [entry for entry in entries if not re.match(r"[\w.-]+(\[[\w,-]+\])?==", entry)] == []
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_development_lock_agrees_with_the_other():
    runtime = pinned(ROOT / "requirements.lock")
    development = pinned(ROOT / "requirements-dev.lock")

    assert {n: v for n, v in development.items() if runtime.get(n, v) != v} == {}
