"""Opens the portal: `python -m pdu_portal`."""

import logging

import structlog
import uvicorn

from pdu_portal.app import portal
from pdu_portal.settings import Settings


def main() -> None:
    """Serve until asked to stop."""
    settings = Settings()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(default=str),
        ]
    )
    # The client would write addresses into the log, and one of them is the key to a booking.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    app = portal(settings, closing=lambda: server.should_exit)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.http_host,
            port=settings.http_port,
            loop="uvloop",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=3,
        )
    )
    server.run()


if __name__ == "__main__":
    main()
