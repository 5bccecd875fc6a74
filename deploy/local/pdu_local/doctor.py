"""`./pdu doctor`: whether this machine has what the platform needs, and the way out if not."""

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pdu_local.broker import WAYS_OUT, find_broker
from pdu_local.choice import AMQP_URL, DATABASE_URL, engine_answers
from pdu_local.failure import Failure
from pdu_local.paths import ROOT, STATE, cache, without_spaces
from pdu_local.ports import DEFAULTS, is_free, remembered
from pdu_local.postgres import binaries
from pdu_local.running import current_run, last_run
from pdu_local.unprivileged import namespaces_work

ROOM = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    well: bool
    sentence: str
    way_out: str = ""


def doctor() -> int:
    """Print every finding; 0 when nothing is amiss."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _machine,
        _disk,
        _broker,
        _database,
        _ports,
        _state,
    )
    findings = [finding for check in checks for finding in check()]
    for finding in findings:
        print(f"{'ok  ' if finding.well else 'LOOK'}  {finding.sentence}")
        if finding.way_out:
            print(f"      {finding.way_out}")
    return 0 if all(finding.well for finding in findings) else 1


def _machine() -> Iterator[Finding]:
    yield Finding(
        well=True, sentence=f"Python {platform.python_version()} on {platform.platform()}"
    )
    tied = shutil.which("setpriv") is not None
    yield Finding(
        tied,
        "setpriv ties our programs to our life" if tied else "setpriv is missing",
        "" if tied else "Without it a killed ./pdu up leaves programs behind; use ./pdu down.",
    )


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(ROOT).free
    way_out = "" if free > ROOM else "A first start needs about 1 GB; RabbitMQ stops at 100 MB."
    yield Finding(free > ROOM, f"{free >> 20:,} MB are free", way_out)
    if without_spaces(STATE.rabbit) != STATE.rabbit:
        sentence = (
            f"The path has white space: RabbitMQ's files are in {without_spaces(STATE.rabbit)}"
        )
        yield Finding(well=True, sentence=sentence)


def _broker() -> Iterator[Finding]:
    if os.environ.get(AMQP_URL):
        yield Finding(well=True, sentence=f"RabbitMQ is the one that {AMQP_URL} names")
    elif broker := find_broker():
        yield Finding(well=True, sentence=f"RabbitMQ is in {broker.server.parent}")
    elif shutil.which("apt-get"):
        yield Finding(well=True, sentence=f"RabbitMQ will be fetched into {cache()}")
    else:
        yield Finding(well=False, sentence="There is no RabbitMQ", way_out=WAYS_OUT)
    if engine_answers(os.environ):
        yield Finding(well=True, sentence="A container engine answers")


def _database() -> Iterator[Finding]:
    if os.environ.get(DATABASE_URL):
        yield Finding(well=True, sentence=f"PostgreSQL is the one that {DATABASE_URL} names")
        return
    try:
        yield Finding(well=True, sentence=f"PostgreSQL is in {binaries()}")
    except Failure as failure:
        yield Finding(well=False, sentence=failure.sentence, way_out=failure.way_out)
    if os.geteuid() == 0:
        how = "in a user namespace" if namespaces_work() else "as the user nobody"
        yield Finding(well=True, sentence=f"We are root: PostgreSQL runs {how}")


def _ports() -> Iterator[Finding]:
    if run := current_run(STATE):
        yield Finding(well=True, sentence=f"PDU runs on ports {sorted(run.ports.values())}")
        return
    wanted = {**DEFAULTS, **remembered(STATE.ports)}
    taken = {name: port for name, port in wanted.items() if not is_free(port)}
    for name, port in taken.items():
        yield Finding(well=True, sentence=f"Port {port} is taken: {name} will use another")
    if not taken:
        yield Finding(well=True, sentence="All ports are free")


def _state() -> Iterator[Finding]:
    if STATE.run.exists() and last_run(STATE) is None:
        way_out = f"The next ./pdu up forgets it; or: rm '{STATE.run}'"
        yield Finding(well=False, sentence=f"{STATE.run} is damaged", way_out=way_out)
    if STATE.ports.exists() and not remembered(STATE.ports):
        way_out = "The next ./pdu up chooses ports anew."
        yield Finding(well=False, sentence=f"{STATE.ports} is damaged", way_out=way_out)
    password = STATE.secrets / "platform" / "platform_amqp_password"
    if password.exists():
        sentence = f"RabbitMQ's management page: user platform, password in {password}"
        yield Finding(well=True, sentence=sentence)
