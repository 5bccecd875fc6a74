"""Copies of the code with one safeguard removed, to see that a test notices."""

import shutil
from pathlib import Path

import pdu_bookings
import pdu_shared

PACKAGES = {package.__name__: Path(package.__path__[0]) for package in (pdu_shared, pdu_bookings)}


def without(folder: Path, file: str, safeguard: str, instead: str = "") -> list[Path]:
    """A copy of a file's package without a safeguard: what to put before the code under test.

    `file` is such as `pdu_shared/relay.py`. A safeguard that is not there word for word is an
    error: the test would show nothing.
    """
    package, _, path = file.partition("/")
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGES[package], folder / package, ignore=leave)
    changed = folder / package / path
    text = changed.read_text("utf-8")
    assert text.count(safeguard) == 1, f"{file} does not say this once: {safeguard}"
    changed.write_text(text.replace(safeguard, instead), "utf-8")
    return [folder]
