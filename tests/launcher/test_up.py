"""One real platform from a folder with a space: up, status, falls, refusal, and a sudden end."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from pdu_local.paths import ROOT
from pdu_local.ports import DEFAULTS, Claims, free_ports, is_free, remember, remembered

PDU = str(ROOT / "pdu")
PATIENCE = 30


class Platform:
    """What ./pdu says and does with a state folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PDU_")
        } | {"PDU_STATE": str(folder)}

    def pdu(self, *words: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PDU, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def status(self) -> dict:
        return json.loads(self.pdu("status", "--json").stdout)

    def processes(self) -> dict[str, int]:
        """The processes of this platform: their command lines or environments name its folder."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(self.folder).encode() in told:
                found[told.replace(b"\0", b" ").decode(errors="replace")[:200]] = int(entry.name)
        return found


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    """A platform that runs; only the portal and bookings, to be quick."""
    made = Platform(tmp_path_factory.mktemp("a check out"))
    # It has to draw its ports: whoever runs the tests may use the documented ones.
    [taken] = free_ports(1)
    remember(made.folder / "ports.json", dict.fromkeys(DEFAULTS, taken))
    started = made.pdu("up", "--detach", "--only", "bookings,portal")
    assert started.returncode == 0, started.stdout + started.stderr
    yield made
    made.pdu("down")


def wait_until(true, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_status_tells_of_every_program(platform):
    told = platform.status()

    assert told["running"]
    assert set(told["programs"]) == {
        *("epmd", "rabbitmq", "postgres"),
        *("postbox", "bookings", "portal"),
    }
    assert {program["state"] for program in told["programs"].values()} == {"ready"}


def test_a_port_is_kept_even_for_what_does_not_run(platform):
    port = remembered(platform.folder / "ports.json")["notifications"]

    assert is_free(port)
    assert not Claims().claim(port)


def test_a_second_up_is_refused_kindly(platform):
    refused = platform.pdu("up")

    assert refused.returncode == 75
    assert "already runs from this checkout" in refused.stderr
    assert "./pdu down stops it" in refused.stderr


def test_a_program_that_falls_starts_again_and_its_exit_is_told(platform):
    fallen = platform.status()["programs"]["portal"]["pid"]
    os.kill(fallen, signal.SIGKILL)

    wait_until(lambda: platform.status()["programs"]["portal"]["restarts"] == 1)

    told = platform.status()["programs"]["portal"]
    assert told["pid"] != fallen
    assert [exit_["code"] for exit_ in told["exits"]] == [-signal.SIGKILL]


def test_a_killed_supervisor_leaves_nothing_and_the_next_one_is_fine(platform):
    os.kill(platform.status()["supervisor"], signal.SIGKILL)

    wait_until(lambda: not platform.processes())
    assert platform.pdu("status").returncode == 3
    again = platform.pdu("up", "--detach", "--only", "portal")
    assert again.returncode == 0, again.stdout + again.stderr
    assert set(platform.status()["programs"]) >= {"portal", "rabbitmq", "postgres"}


def test_down_stops_everything_cleanly(platform):
    stopped = platform.pdu("down")

    assert stopped.stdout == "Everything has stopped.\n"
    assert platform.processes() == {}
    assert platform.pdu("down").stdout == "Nothing is running.\n"
