"""Where things are kept: the checkout, its .pdu folder, and the cache shared by all checkouts."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class State:
    """The .pdu folder of one checkout: data, logs, secrets and what is running."""

    folder: Path

    @property
    def postgres(self) -> Path:
        """The database server."""
        return self.folder / "postgres"

    @property
    def rabbit(self) -> Path:
        """The broker's node."""
        return self.folder / "rabbit"

    @property
    def logs(self) -> Path:
        """What each program said."""
        return self.folder / "log"

    @property
    def secrets(self) -> Path:
        """Keys and passwords, for the owner only."""
        return self.folder / "secrets"

    @property
    def mail(self) -> Path:
        """Letters in the post box."""
        return self.folder / "mail"

    @property
    def files(self) -> Path:
        """What was uploaded to the library."""
        return self.folder / "files"

    @property
    def demo(self) -> Path:
        """What belongs to the demonstration."""
        return self.folder / "demo"

    @property
    def demo_ledger(self) -> Path:
        """What of it has been done."""
        return self.demo / "ledger.jsonl"

    @property
    def ports(self) -> Path:
        """The ports of the last run."""
        return self.folder / "ports.json"

    @property
    def run(self) -> Path:
        """What runs now, and how each program fares."""
        return self.folder / "run.json"

    @property
    def lock(self) -> Path:
        """Held while `up` runs."""
        return self.folder / "lock"


# PDU_STATE: a second platform from the same checkout, for one that is being tested.
STATE = State(Path(os.environ.get("PDU_STATE") or ROOT / ".pdu").absolute())


def cache() -> Path:
    """The user's cache, where the broker is unpacked; a path without white space."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return without_spaces(Path(base) / "pdu")


def without_spaces(path: Path) -> Path:
    """The same path, or a stand-in for it where RabbitMQ's scripts would trip over white space."""
    if not any(letter.isspace() for letter in str(path)):
        return path
    mark = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    home = Path.home() / ".cache" / "pdu"
    if any(letter.isspace() for letter in str(home)):
        home = Path("/var/tmp" if Path("/var/tmp").is_dir() else tempfile.gettempdir())  # noqa: S108
        return home / f"pdu-{os.geteuid()}-{mark}"
    return home / "nodes" / mark
