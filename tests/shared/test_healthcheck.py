"""A container asks its service whether it lives, with nothing but the standard library."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/livez" else 503)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def port():
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


def ask(*arguments, **environment):
    command = [sys.executable, "-m", "pdu_shared.healthcheck", *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PDU_")}
    return subprocess.run(command, check=False, env=kept | environment).returncode  # noqa: S603


def test_a_living_service_is_healthy(port):
    assert ask(f"http://127.0.0.1:{port}/livez") == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - where it listens
def test_the_service_of_the_same_environment_is_asked_without_a_proxy(port, host):
    environment = {"PDU_HTTP_HOST": host, "PDU_HTTP_PORT": str(port)}
    assert ask(http_proxy="http://127.0.0.1:9", **environment) == 0


def test_an_ailing_service_is_not_healthy(port):
    assert ask(f"http://127.0.0.1:{port}/readyz") == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/livez", "file:///etc/hostname", "nonsense"])
def test_no_answer_is_not_healthy(url):
    assert ask(url) == 1
