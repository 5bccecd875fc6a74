"""A bare Debian 12 in a folder: Python with venv and certificates, and nothing else."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pdu_local.paths import ROOT

KEPT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pdu-test"
PACKAGES = "python3,python3-venv,ca-certificates"
# What a machine needs to reach its package servers, taken from the machine at hand.
CONFIGURATION = (
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/pip.conf",
    "/etc/xdg/pip",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/apt/sources.list",
    "/etc/apt/sources.list.d",
    "/etc/apt/apt.conf.d",
    "/usr/local/share/ca-certificates",
)
HANDED_ON = re.compile(r"^(PIP_.*|SSL_CERT_.*|REQUESTS_CA_BUNDLE|.*_proxy)$", re.IGNORECASE)


def why_not() -> str | None:
    """Why such a Debian cannot be made here."""
    if os.geteuid() != 0:
        return "only root can make a chroot"
    if not shutil.which("debootstrap"):
        return "debootstrap is not installed"
    if not shutil.which("git"):
        return "git, which tells what belongs to a checkout, is not installed"
    return None


def make(folder: Path) -> None:
    """Unpack one, with this machine's way to its package servers."""
    tarball = KEPT / "bookworm.tar"
    if not tarball.exists():
        _debootstrap(tarball)
    _run("tar", "-xf", str(tarball), "-C", str(folder))
    for path in CONFIGURATION:
        _copy(Path(path), folder / path.lstrip("/"))
    own = Path.home() / ".config/pip/pip.conf"
    if own.exists():
        _copy(own, folder / "etc/pip.conf")


def check_out(folder: Path, owner: int) -> None:
    """Copy what belongs to the repository, changed or new, as a clone would have it."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = _run(*words, cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    own(folder, owner)


def own(folder: Path, owner: int) -> None:
    """Give a folder and all in it to a user."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner, owner, follow_symlinks=False)


def run_in(root: Path, script: str, *, user: int, home: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script inside; whatever it leaves running ends with it."""
    mounts = (
        'mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev";'
        ' mount -t tmpfs tmpfs "$1/dev/shm"; exec chroot "$1" /usr/bin/setpriv --reuid="$2"'
        ' --regid="$2" --clear-groups sh -ec "$3"'
    )
    namespaces = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, "LANG": "C.UTF-8"}
    environment |= {name: value for name, value in os.environ.items() if HANDED_ON.match(name)}
    words = [*namespaces, "sh", "-ec", mounts, "sh", str(root), str(user), script]
    return _start(words, env=environment, timeout=900)


def _debootstrap(tarball: Path) -> None:
    tarball.parent.mkdir(parents=True, exist_ok=True)
    unfinished = tarball.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    _run(
        *("debootstrap", "--variant=minbase", f"--include={PACKAGES}"),
        *("bookworm", str(unfinished), next(_mirrors())),
    )
    _run("tar", "-cf", f"{tarball}.new", "-C", str(unfinished), ".")
    Path(f"{tarball}.new").rename(tarball)
    shutil.rmtree(unfinished)


def _mirrors() -> Iterator[str]:
    words = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"]
    for line in _run(*words).splitlines():
        address, *rest = line.split()
        if rest == ["bookworm", "main"]:
            yield address


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copy(source, target)


def _run(*words: str, cwd: Path | None = None) -> str:
    done = _start(words, cwd=cwd)
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    return done.stdout


def _start(
    words: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 600,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own command lines
        words, cwd=cwd, env=env, timeout=timeout, capture_output=True, text=True, check=False
    )
