"""`python -m pdu_reporting rebuild`: projections made anew, or compared with a recomputation."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import asyncpg

from pdu_reporting.checking import Compared, check
from pdu_reporting.filling import BESIDE, Filled
from pdu_reporting.projections import PROJECTIONS
from pdu_reporting.rebuild import BusyError, rebuild
from pdu_reporting.tally.recounting import recount
from pdu_shared.database import UNAVAILABLE, Database
from pdu_shared.service import Command

NAMES = tuple(projection.name for projection in PROJECTIONS)
DIFFERENT = 1
AWAY = 69
BUSY = 75
FORBIDDEN = 77


def _takes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "names", nargs="*", type=_name, metavar="NAME", help=f"of {', '.join(NAMES)}; else all"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="change nothing: say whether recomputed equals kept, and exit 1 if it does not",
    )


def _name(said: str) -> str:
    if said not in NAMES:
        raise argparse.ArgumentTypeError(
            f"there is no projection called {said!r}; there are {', '.join(NAMES)}"
        )
    return said


async def _run(database: Database, asked: argparse.Namespace) -> int:
    try:
        if asked.check:
            return await _check(database, asked.names)
        return await _rebuild(database, asked.names)
    except BusyError:
        return _fail("Another rebuild is at work; try again when it has ended.", BUSY)
    except asyncpg.InsufficientPrivilegeError:
        return _fail("This needs the rights of the database's owner, as migrate does.", FORBIDDEN)
    except UNAVAILABLE as away:
        return _fail(f"The database cannot be reached: {away}", AWAY)


async def _rebuild(database: Database, names: Sequence[str]) -> int:
    began, filled = time.perf_counter(), list[Filled]()
    position = await rebuild(database, names, tell=_telling(filled, len(names or NAMES)))
    rows = sum(one.rows for one in filled)
    _say(
        f"{len(filled)} projections made anew up to position {position:,}:"
        f" {rows:,} rows in {time.perf_counter() - began:.1f} s."
    )
    return 0


async def _check(database: Database, names: Sequence[str]) -> int:
    began, filled = time.perf_counter(), list[Filled]()
    compared = await check(database, names, tell=_telling(filled, len(names or NAMES)))
    if not names:
        compared += await recount(database, beside=BESIDE)
    for one in compared:
        _say(_sentence(one))
    different = [one.name for one in compared if not one.equal]
    _say(
        f"{len(compared)} tables compared in {time.perf_counter() - began:.1f} s: "
        + (f"{', '.join(different)} differ." if different else "recomputed equals kept.")
    )
    return DIFFERENT if different else 0


def _telling(filled: list[Filled], total: int) -> Callable[[Filled], None]:
    """Says how far it has come whenever a projection is filled."""

    def tell(one: Filled) -> None:
        filled.append(one)
        folded = len(filled) * one.position
        _say(
            f"[{len(filled)}/{total}] {one.projection.name}: {one.rows:,} rows"
            f" in {one.seconds:.1f} s; {folded:,} of {total * one.position:,} positions folded"
        )

    return tell


def _sentence(one: Compared) -> str:
    if one.equal:
        return f"equal      {one.name}: {one.kept.rows:,} rows, sha256 {one.kept.digest[:16]}…"
    return (
        f"DIFFERENT  {one.name}: kept {one.kept.rows:,} rows, sha256 {one.kept.digest[:16]}…;"
        f" recomputed {one.recomputed.rows:,} rows, sha256 {one.recomputed.digest[:16]}…"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _fail(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


REBUILD = Command(
    name="rebuild",
    does="Make projections anew from the journal, while they are read. Needs the owner's rights.",
    takes=_takes,
    run=_run,
)
