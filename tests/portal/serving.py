"""A portal on a real socket, in a thread of its own."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from pdu_portal.app import portal
from pdu_portal.settings import Settings


@contextmanager
def served(*, port: int = 0, **told: object) -> Iterator[str]:
    """A portal that is told this, and where it answers."""
    listening = socket.create_server(("127.0.0.1", port))
    app = portal(Settings(**told), closing=lambda: server.should_exit)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", access_log=False, proxy_headers=False)
    )
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        # Nobody waits until it has gone, which takes a quarter of a second: hundreds of times.
        server.should_exit = True
        listening.close()
