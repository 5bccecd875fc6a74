"""Asks a service whether it lives: `python -m pdu_shared.healthcheck [url]` ends with 0 or 1."""

import os
import sys
from http import HTTPStatus
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

SECONDS = 3.0


def default_url() -> str:
    """The `/livez` of the service that shares our environment."""
    host = os.environ.get("PDU_HTTP_HOST", "127.0.0.1")
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - where it listens
    return f"http://{host}:{os.environ.get('PDU_HTTP_PORT', '8000')}/livez"


def healthy(url: str) -> bool:
    """Whether the service answers 200 within three seconds; only http and https are asked."""
    if not url.startswith(("http://", "https://")):
        return False
    # No proxy: the question is about this machine.
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(url, timeout=SECONDS) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (URLError, OSError, ValueError):
        return False


def main(arguments: list[str]) -> int:
    """The exit code: 0 when the service is healthy, 1 when it is not."""
    return 0 if healthy(arguments[0] if arguments else default_url()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
