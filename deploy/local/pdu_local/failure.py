"""What the launcher says when it cannot go on: one clear sentence, and the way out."""

import errno
import os
import subprocess

USAGE = 64
UNAVAILABLE = 69
BUSY = 75


class Failure(Exception):
    """A thing the reader can do something about."""

    def __init__(self, sentence: str, way_out: str = "", *, code: int = 1) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.way_out = way_out
        self.code = code

    def __str__(self) -> str:
        """Both of them, on lines of their own."""
        return f"{self.sentence}\n  {self.way_out}" if self.way_out else self.sentence


def explain(error: OSError) -> Failure:
    """The same trouble as a sentence: a full disk and a forbidden folder are the common ones."""
    where = error.filename or "a file"
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return Failure(
                "The disk is full.",
                "Free some space (df -h shows where it went), then run the same command again.",
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return Failure(
                f"{where} may not be written by {_who()}.",
                "Give the checkout to the user who runs it: chown -R USER DIRECTORY.",
            )
        case _:
            return Failure(f"{where}: {error.strerror or error}.", "./pdu doctor tells more.")


def reason(output: str) -> Failure | None:
    """What a package tool's output says went wrong, where it is one of the usual two."""
    said = output.lower()
    if "no space left" in said or "disk quota" in said:
        return explain(OSError(errno.ENOSPC, "No space left on device"))
    signs = (
        "name resolution",
        "could not resolve",
        "network is unreachable",
        "connection refused",
        "connection timed out",
        "failed to establish a new connection",
        "max retries exceeded",
        "read timed out",
        "failed to fetch",
        "from versions: none",
    )
    if any(sign in said for sign in signs):
        return Failure(
            "The package servers cannot be reached.",
            "Check the network and this machine's pip and apt configuration, then run it again.",
            code=UNAVAILABLE,
        )
    return None


def last_lines(output: str, count: int = 8) -> str:
    """The end of a program's output, where its complaint stands."""
    return "\n  ".join(output.strip().splitlines()[-count:])


def run_or_fail(command: list[str], trouble: str, **options: object) -> str:
    """The output of a program that has to succeed."""
    done = subprocess.run(  # type: ignore[call-overload]
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        **options,
    )
    if done.returncode:
        raise reason(done.stdout) or Failure(trouble, last_lines(done.stdout))
    return str(done.stdout)


def _who() -> str:
    return os.environ.get("USER") or f"user {os.geteuid()}"
