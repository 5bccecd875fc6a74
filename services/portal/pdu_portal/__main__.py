"""Opens the portal: `python -m pdu_portal`."""

import contextlib
import gc
import sys

import uvicorn
from pydantic import ValidationError

import pdu_shared.lean  # noqa: F401 - before all that it spares
from pdu_portal.app import portal
from pdu_portal.settings import Settings
from pdu_shared import logs
from pdu_shared.one_piece import InOnePiece


def main() -> None:
    """Serve until asked to stop."""
    try:
        settings = Settings()
    except ValidationError as wrong:
        names = ", ".join(f"PDU_{str(error['loc'][0]).upper()}" for error in wrong.errors())
        sys.exit(f"pdu-portal cannot start: {names} cannot be read.")
    logs.configure("portal", production=settings.env == "production")
    app = portal(settings, closing=lambda: server.should_exit)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.http_host,
            port=settings.http_port,
            loop="uvloop",
            http=InOnePiece,
            ws="none",
            # Addresses are not logged: one of them is the key to a booking.
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,  # the services ask from where somebody comes, we do not
            timeout_graceful_shutdown=3,
        )
    )
    gc.collect()
    gc.freeze()
    gc.enable()
    # uvicorn has closed everything by then, and hands the Ctrl-C on.
    with contextlib.suppress(KeyboardInterrupt):
        server.run()


if __name__ == "__main__":
    main()
