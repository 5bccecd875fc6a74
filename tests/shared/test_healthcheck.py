"""A container asks its service whether it lives, with nothing but the standard library."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pdu_shared.healthcheck import default_url, main


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


@pytest.fixture
def environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("PDU_")]:
        monkeypatch.delenv(name)
    return monkeypatch


def test_the_command_ends_with_the_answer(port):
    command = [sys.executable, "-m", "pdu_shared.healthcheck"]
    for path, code in (("livez", 0), ("readyz", 1)):
        url = f"http://127.0.0.1:{port}/{path}"
        assert subprocess.run([*command, url], check=False).returncode == code  # noqa: S603


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - where it listens
def test_the_service_of_the_same_environment_is_asked_without_a_proxy(port, environment, host):
    environment.setenv("PDU_HTTP_HOST", host)
    environment.setenv("PDU_HTTP_PORT", str(port))
    environment.setenv("http_proxy", "http://127.0.0.1:9")
    assert main([]) == 0


def test_a_service_on_all_addresses_is_asked_on_this_machine(environment):
    environment.setenv("PDU_HTTP_HOST", "::")
    assert default_url() == "http://[::1]:8000/livez"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/livez", "http://[", "file:///etc/hostname", ""]
)
def test_no_answer_is_not_healthy(url):
    assert main([url]) == 1
