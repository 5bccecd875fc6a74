"""`./pdu up`: from nothing to a healthy platform, watched until it is told to stop."""

import contextlib
import shutil
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from pdu_local import health, migrations, programs, secret_files, servers
from pdu_local.choice import choose
from pdu_local.failure import Failure
from pdu_local.paths import STATE, State
from pdu_local.ports import DEFAULTS, OURS, remember, remembered
from pdu_local.ports import choose as choose_ports
from pdu_local.running import Run, only_one
from pdu_local.speech import Speech
from pdu_local.supervisor import Supervisor
from pdu_shared.platform import SERVICES

PATIENCE = 60.0  # seconds for a service to become healthy
PATIENCE_WITH_DEGRADED = 20.0
PATIENCE_WITH_DEMO = 20.0
FALLS = 3  # so often may a program die before we give up on starting it
ROOM = 200 * 1024 * 1024  # RabbitMQ blocks its publishers at 100 MB
# SIGINT too: a shell starts its background jobs with it ignored.
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INFRASTRUCTURE = ("postgres", "rabbitmq")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person asked `up` for."""

    demo: bool = False
    fresh: bool = False
    only: str | None = None
    infra: str = "auto"

    def words(self) -> list[str]:
        """The same as a command line."""
        switches = {"--demo": self.demo, "--fresh": self.fresh}
        values = {"--only": self.only, "--infra": self.infra}
        pairs = [word for name, value in values.items() if value for word in (name, value)]
        return [name for name, on in switches.items() if on] + pairs


def up(wishes: Wishes, state: State = STATE) -> None:
    """Start everything, say where it is, and keep it running until we are interrupted."""
    speech = Speech()
    names = programs.chosen(wishes.only)
    kind = choose(wish=wishes.infra)
    for how in STOPS:
        signal.signal(how, _interrupt)
    with only_one(state):
        if wishes.fresh:
            _erase(state)
        _look_for_room(state)
        ports, remarks = choose_ports(DEFAULTS, remembered(state.ports), OURS)
        for remark in remarks:
            speech.say(remark)
        remember(state.ports, ports)
        supervisor = Supervisor(state, Run.ours(kind, ports), speech.say)
        try:
            _start(wishes, names, supervisor, speech)
            supervisor.watch_for_ever()
        except KeyboardInterrupt:
            speech.say("Stopping …")
        finally:
            _stop(names, supervisor)
        speech.say("Everything has stopped.")


def _start(wishes: Wishes, names: Sequence[str], supervisor: Supervisor, speech: Speech) -> None:
    state, run = supervisor.state, supervisor.run
    foundation = servers.prepare(state, run.ports, choose(wish=wishes.infra))
    anew = not (foundation.postgres.data if foundation.postgres else state.secrets).exists()
    passwords = secret_files.make(state.secrets, anew=anew)
    speech.say("Starting PostgreSQL and RabbitMQ …" if anew else "Starting …")
    servers.start(foundation, passwords, supervisor)
    secret_files.hand_out(state.secrets)
    secret_files.admit_portal(state.secrets)
    servers.set_up(foundation, passwords)
    speech.say("PostgreSQL is ready.")
    place = programs.Place(
        state, run.ports, foundation.database_url, foundation.amqp_url, demo=wishes.demo
    )
    supervisor.start(programs.postbox(place), url=place.url(programs.POSTBOX))
    # All of them, whatever runs: a message without its readers' queues cannot be published.
    due = migrations.due(state, SERVICES, foundation.marks)
    if due and foundation.rabbit:
        foundation.rabbit.wait_ready()
        speech.say("RabbitMQ is ready.")
    if due:
        migrations.apply(due, place)
        speech.say("The databases and queues are set up.")
    # Where nothing had to be set up, the services start while RabbitMQ still does.
    for name in names:
        supervisor.start(programs.service(name, place), url=place.url(name))
    if foundation.rabbit:
        foundation.rabbit.wait_ready()
    _wait_until_healthy((*names, programs.POSTBOX), supervisor)
    speech.say("All is healthy.")
    if wishes.demo:
        _fill(place, speech)
    # What draws it need not be loaded before the servers start.
    from pdu_local.overview import show_overview

    show_overview(run, speech.seconds)
    run.state = "running"
    run.write(state)


def _wait_until_healthy(names: Sequence[str], supervisor: Supervisor) -> None:
    started = time.monotonic()
    waiting = list(names)
    while waiting:
        supervisor.tick()
        waited = time.monotonic() - started
        for name in list(waiting):
            program = supervisor.run.programs[name]
            answer = health.ask(program.url or "")
            reasons = f": {', '.join(answer.reasons)}" if answer.reasons else ""
            if answer.is_ready:
                waiting.remove(name)
            elif answer.state == "degraded" and waited > PATIENCE_WITH_DEGRADED:
                supervisor.say(f"{name} is degraded{reasons}")
                waiting.remove(name)
            elif len(program.exits) >= FALLS or waited > PATIENCE:
                raise Failure(f"{name} is {answer.state}{reasons}.", f"Its log: {program.log}")
        time.sleep(0.05)


def _fill(place: programs.Place, speech: Speech) -> None:
    """Play the demonstration; whoever has waited long enough for it may look on."""
    playing = threading.Thread(target=_play, args=(place, speech), daemon=True)
    playing.start()
    playing.join(PATIENCE_WITH_DEMO)
    if playing.is_alive():
        speech.say("The demonstration goes on filling in while you look around.")


def _play(place: programs.Place, speech: Speech) -> None:
    # Only a demonstration needs it.
    from pdu_local.demo.fill import fill

    try:
        fill(place, speech)
    except Failure as failure:
        # The platform is well: whoever wants the rest of the demonstration starts it again.
        speech.say(f"The demonstration is not whole. {failure}")
        speech.say("./pdu up --demo goes on where it stopped.")


def _stop(names: Sequence[str], supervisor: Supervisor) -> None:
    for how in STOPS:
        signal.signal(how, signal.SIG_IGN)
    supervisor.run.state = "stopping"
    # A full disk or a folder that was deleted must not keep us from stopping.
    with contextlib.suppress(OSError):
        supervisor.run.write(supervisor.state)
    supervisor.stop((*names, programs.POSTBOX), INFRASTRUCTURE)


def _erase(state: State) -> None:
    for folder in (state.postgres, state.rabbit, state.mail, state.secrets, state.logs, state.demo):
        shutil.rmtree(folder, ignore_errors=True)


def _look_for_room(state: State) -> None:
    free = shutil.disk_usage(state.folder).free
    if free < ROOM:
        raise Failure(
            f"The disk is full: {free >> 20} MB are left, {ROOM >> 20} are needed.",
            "Free some space, then run ./pdu up again.",
        )


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise KeyboardInterrupt
