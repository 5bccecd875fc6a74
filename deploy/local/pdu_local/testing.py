"""`./pdu test`: all tests, on whatever real servers are at hand."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from pdu_local.choice import choose
from pdu_local.paths import ROOT

LONG = "not chroot and not campaign"


def test(words: Sequence[str]) -> NoReturn:
    """Become pytest; the long programmes run when asked for by `-m`."""
    choose()  # says at once when the wish in PDU_TEST_INFRA cannot be met
    asked = any(word == "-m" or word.startswith("-m=") for word in words)
    chosen = [] if asked else ["-m", LONG]
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *chosen, *words])  # noqa: S606
