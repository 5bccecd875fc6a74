"""Where a RabbitMQ is found, or fetched from: standard library only, the bootstrap needs it too."""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pdu_local.failure import UNAVAILABLE, Failure, run_or_fail
from pdu_local.paths import cache

WANTED = re.compile(r"^(erlang|rabbitmq|lib)")
INSTALLED = (
    Path("/usr/lib/rabbitmq/bin"),
    Path("/opt/rabbitmq/sbin"),
    Path("/opt/homebrew/opt/rabbitmq/sbin"),
    Path("/usr/local/opt/rabbitmq/sbin"),
)
WAYS_OUT = (
    "Install RabbitMQ with this machine's package manager, or name a running one in PDU_AMQP_URL"
    " and PDU_RABBITMQ_MANAGEMENT_URL, or use Debian, where ./pdu fetches it by itself."
)


@dataclass(frozen=True, slots=True)
class Broker:
    """The programs of one RabbitMQ: its raw server script, and Erlang's own folder."""

    server: Path
    erlang: Path
    libraries: tuple[Path, ...] = ()

    @property
    def port_mapper(self) -> Path:
        """The epmd that belongs to this Erlang."""
        beside = sorted(self.erlang.parent.glob("erts-*/bin/epmd"))
        return beside[-1] if beside else self.erlang / "epmd"


def find_broker() -> Broker | None:
    """A RabbitMQ at hand: unpacked in the cache, or installed; none if it has to be fetched."""
    return _unpacked(cache() / "rabbitmq" / "root") or _installed()


def fetch_broker(say: Callable[[str], None]) -> Broker:
    """Download and unpack Debian's RabbitMQ into the cache, without root and beside the system."""
    home = cache() / "rabbitmq"
    if (ready := _unpacked(home / "root")) is not None:
        return ready
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise Failure("There is no RabbitMQ on this machine.", WAYS_OUT, code=UNAVAILABLE)
    packages, unpacked = home / "debs", home / "tmp"
    for folder in (home / "apt/lists/partial", home / "apt/archives/partial", packages):
        folder.mkdir(parents=True, exist_ok=True)
    for leftover in (unpacked, *packages.glob("*.deb")):
        _remove(leftover)
    apt = _apt(home / "apt")
    say("asking Debian for its package lists")
    run_or_fail([*apt, "update"], "Debian's package lists could not be fetched.")
    if not (names := _missing(apt)):
        raise Failure("RabbitMQ is installed here, in a place that we do not know.", WAYS_OUT)
    say(f"downloading {len(names)} packages")
    run_or_fail([*apt, "download", *names], "RabbitMQ could not be downloaded.", cwd=packages)
    say("unpacking")
    unpacked.mkdir()
    for package in sorted(packages.glob("*.deb")):
        run_or_fail(["dpkg", "-x", str(package), str(unpacked)], f"{package.name} is broken.")
        package.unlink()
    _relocate(unpacked, home / "root")
    # Renamed last: an interrupted run is never taken for a finished one.
    _remove(home / "root")
    unpacked.rename(home / "root")
    found = _unpacked(home / "root")
    if found is None:
        raise Failure("Debian's RabbitMQ looks different from what we know.", WAYS_OUT)
    return found


def _apt(folder: Path) -> list[str]:
    options = {
        "Debug::NoLocking": "1",
        "Dir::State::Lists": f"{folder}/lists",
        "Dir::Cache": str(folder),
        "APT::Sandbox::User": "",
        # Only names, versions and checksums are wanted, not descriptions.
        "Acquire::Languages": "none",
    }
    return ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]


def _missing(apt: list[str]) -> list[str]:
    planned = run_or_fail(
        [*apt, "--print-uris", "--no-install-recommends", "install", "rabbitmq-server"],
        "Debian's package lists do not offer RabbitMQ.",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    lines = (line.split() for line in planned.splitlines() if line.startswith("'"))
    names = (words[1].partition("_")[0] for words in lines)
    return [name for name in names if WANTED.match(name)]


def _relocate(unpacked: Path, final: Path) -> None:
    erlang = unpacked / "usr/lib/erlang"
    for script in (*erlang.glob("bin/*"), *erlang.glob("erts-*/bin/*")):
        if script.name in {"erl", "start"} and not script.is_symlink():
            text = script.read_text()
            script.write_text(text.replace("=/usr/lib/erlang", f"={final}/usr/lib/erlang"))


def _unpacked(root: Path) -> Broker | None:
    server = root / "usr/lib/rabbitmq/bin/rabbitmq-server"
    # Only what the machine lacked was fetched: its Erlang may have been there.
    erlang = _erlang(root / "usr/lib/erlang/bin")
    if not server.exists() or erlang is None:
        return None
    shared = (*root.glob("usr/lib/*-linux-gnu*"), *root.glob("lib/*-linux-gnu*"))
    return Broker(server, erlang, shared)


def _installed() -> Broker | None:
    erlang = _erlang()
    folders = [folder for folder in INSTALLED if (folder / "rabbitmq-server").exists()]
    return Broker(folders[0] / "rabbitmq-server", erlang) if erlang and folders else None


def _erlang(*places: Path) -> Path | None:
    for place in (*places, Path("/usr/lib/erlang/bin")):
        if (place / "erl").exists():
            return place
    found = shutil.which("erl")
    return Path(found).resolve().parent if found else None


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
