"""What is missing ends in one clear sentence and the way out."""

import os
import shutil
import subprocess

import pytest

from pdu_local.paths import ROOT

NEEDED = ("pdu", "deploy/local", "requirements.lock", "requirements-dev.lock")
IN_NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount", "--net", "--")


def namespaces_work():
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*IN_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


alone = pytest.mark.skipif(not namespaces_work(), reason="user namespaces are refused here")


def pdu(script, folder, *, path=None):
    """Run a shell script without a network, with a home that is empty."""
    environment = {"PATH": path or os.environ["PATH"], "HOME": str(folder), "PIP_RETRIES": "0"}
    return subprocess.run(
        [*IN_NAMESPACE, "/bin/sh", "-ec", script, "sh", str(folder)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def copy_to(folder):
    for name in NEEDED:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, target)


@alone
def test_a_machine_without_python(tmp_path):
    for program in ("dirname", "sh"):
        (tmp_path / program).symlink_to(shutil.which(program))
    unshare = shutil.which("unshare")
    (tmp_path / "unshare").symlink_to(unshare)

    done = pdu("./pdu up", tmp_path, path=str(tmp_path))

    assert done.returncode == 69
    assert done.stderr.splitlines() == [
        "PDU needs Python 3.11 or newer, and this machine has none.",
        "  Install it, on Debian or Ubuntu: apt-get install python3 python3-venv",
    ]


@alone
def test_a_machine_without_a_network(tmp_path):
    copy_to(tmp_path / "a check out")

    done = pdu('"$1/a check out/pdu" status', tmp_path)

    assert done.returncode == 69
    assert done.stderr.splitlines() == [
        "The package servers cannot be reached.",
        "  Check the network and this machine's pip and apt configuration, then run it again.",
    ]


@alone
def test_a_machine_with_a_full_disk(tmp_path):
    copy_to(tmp_path / "copy")
    (tmp_path / "disk").mkdir()

    done = pdu(
        'mount -t tmpfs -o size=20m tmpfs "$1/disk"; cp -r "$1/copy/." "$1/disk";'
        ' "$1/disk/pdu" status',
        tmp_path,
    )

    assert done.returncode == 1
    assert "is full" in done.stderr
    assert "Free some space" in done.stderr


@alone
def test_a_folder_that_may_not_be_written(tmp_path):
    copy_to(tmp_path / "copy")

    done = pdu(
        'mount --bind "$1/copy" "$1/copy"; mount -o remount,bind,ro "$1/copy";'
        ' "$1/copy/pdu" status',
        tmp_path,
    )

    assert done.returncode == 1
    assert "may not be written" in done.stderr
    assert "chown" in done.stderr
