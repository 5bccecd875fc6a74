"""The platform that runs in this checkout, for commands that talk to it."""

import os
from urllib.parse import quote

from pdu_local.choice import AMQP_URL, DATABASE_URL
from pdu_local.failure import Failure
from pdu_local.keys import Keys
from pdu_local.paths import STATE, State
from pdu_local.programs import Place
from pdu_local.running import current_run
from pdu_local.secret_files import broker_file


def running_place(state: State = STATE) -> Place:
    """Where everything is; a Failure when nothing runs."""
    run = current_run(state)
    if run is None:
        raise Failure("Nothing is running here.", "Start it: ./pdu up")
    ports = run.ports
    return Place(
        state,
        ports,
        os.environ.get(DATABASE_URL) or f"postgresql://127.0.0.1:{ports['postgres']}",
        os.environ.get(AMQP_URL) or f"amqp://127.0.0.1:{ports['amqp']}",
    )


def management_url(place: Place) -> str:
    """The broker's management interface, as the platform's administrator."""
    password = Keys(place.state.secrets).password(*broker_file("platform"))
    return f"http://platform:{quote(password, safe='')}@127.0.0.1:{place.ports['management']}"
