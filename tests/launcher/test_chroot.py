"""On a bare Debian 12, with nothing cached, one command ends with a healthy platform."""

import json
import re
import shutil
import time

import pytest

import bare_debian

pytestmark = [
    pytest.mark.chroot,
    pytest.mark.skipif(bare_debian.why_not() is not None, reason=bare_debian.why_not() or ""),
]

UP_AND_DOWN = """
cd "$HOME/a check out"
./pdu up --detach --demo
./pdu status --json > status.json
./pdu down
./pdu up --detach
./pdu down
left=$(cat /proc/[0-9]*/comm | grep -cE 'beam|postgres|epmd|python' || true)
echo "processes left: $left"
"""
WITHOUT_VENV = """
rm -r /usr/lib/python3*/ensurepip
cd "$HOME/a check out"
./pdu up
"""


@pytest.fixture
def debian(tmp_path):
    bare_debian.make(tmp_path)
    yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.mark.parametrize(("user", "home"), [(0, "root"), (1000, "home/person")])
def test_one_command_brings_up_a_healthy_platform(debian, user, home):
    checkout = debian / home / "a check out"
    bare_debian.check_out(checkout, user)
    with (debian / "etc/passwd").open("a") as users:
        users.write("person:x:1000:1000::/home/person:/bin/sh\n")
    bare_debian.own(debian / home, user)
    began = time.monotonic()

    done = bare_debian.run_in(debian, UP_AND_DOWN, user=user, home=f"/{home}")

    print(done.stdout, done.stderr, f"{time.monotonic() - began:.0f} s in all")
    assert done.returncode == 0
    told = json.loads((checkout / "status.json").read_text())
    assert told["healthy"], told
    assert set(told["programs"]) >= {"bookings", "notifications", "reporting", "resources"}
    assert "processes left: 0" in done.stdout
    print("ready after", re.findall(r"PDU runs after ([\d.]+) seconds", done.stdout))


def test_a_missing_venv_module_ends_in_one_clear_sentence(debian):
    bare_debian.check_out(debian / "root/a check out", 0)

    done = bare_debian.run_in(debian, WITHOUT_VENV, user=0, home="/root")

    assert done.returncode == 69
    assert done.stderr.splitlines() == [
        "This Python lacks its venv module.",
        "  Install it, on Debian or Ubuntu: apt-get install python3-venv",
    ]
