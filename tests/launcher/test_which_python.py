"""`./pdu` runs on the distribution's Python where there is one, and on the one that was named."""

import os
import subprocess
from pathlib import Path

import pytest

from pdu_local.paths import ROOT


def answering(place, *, able=True, complete=True):
    """A Python that only says which one it is; `able` to run it, `complete` with its venv."""
    place.write_text(
        "#!/bin/sh\n"
        'case "$2" in\n'
        f"*ensurepip*) exit {0 if able and complete else 1} ;;\n"
        f"*version_info*) exit {0 if able else 1} ;;\n"
        "esac\n"
        'echo "$0"\n'
    )
    place.chmod(0o755)
    return place


def distribution_is_complete():
    """Whether this machine's own Python is new enough and has what makes environments."""
    asked = "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))"
    python = Path("/usr/bin/python3")
    return python.exists() and not subprocess.run([python, "-c", asked], check=False).returncode


def pdu(path, **told):
    """A command of `./pdu`, ended."""
    return subprocess.run(
        ["/bin/sh", str(ROOT / "pdu"), "status"],
        env={"PATH": path, **told},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def chosen(path, **told):
    """Which Python `./pdu` becomes."""
    return pdu(path, **told).stdout.strip()


@pytest.fixture
def tools(tmp_path):
    """What the script itself needs, and no Python."""
    for program in ("dirname", "uname"):
        found = next(path for path in (Path("/usr/bin"), Path("/bin")) if (path / program).exists())
        (tmp_path / program).symlink_to(found / program)
    return tmp_path


def test_the_one_that_was_named_goes_first(tmp_path):
    mine = answering(tmp_path / "mine")
    assert chosen(os.environ["PATH"], PDU_PYTHON=str(mine)) == str(mine)


def test_one_that_was_named_and_is_not_there_is_said(tmp_path):
    wrong = pdu(os.environ["PATH"], PDU_PYTHON=str(tmp_path / "nowhere"))
    assert wrong.returncode == 69
    named, way_out = wrong.stderr.splitlines()
    assert named.startswith(f"PDU_PYTHON names {tmp_path}/nowhere, which is no Python 3.11")
    assert way_out == "  Name another one, or leave it out."


def test_without_the_distribution_on_the_path_the_first_complete_one_is_taken(tools):
    answering(tools / "python3", complete=False)
    other = answering(tools / "python3.13")
    assert chosen(str(tools)) == str(other)


def test_an_incomplete_one_is_better_than_none(tools):
    answering(tools / "python3", able=False)
    only = answering(tools / "python3.12", complete=False)
    assert chosen(str(tools)) == str(only)


@pytest.mark.skipif(
    not distribution_is_complete(), reason="the distribution has no complete Python 3.11 here"
)
def test_the_distribution_goes_before_what_comes_first_on_the_path(tools):
    other = answering(tools / "python3")
    assert chosen(f"{tools}:/usr/bin:/bin") != str(other)
