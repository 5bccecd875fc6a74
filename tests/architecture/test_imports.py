"""A program loads what it needs and no more: imports decide how soon it is ready."""

import subprocess
import sys

import pytest

LOADED = "print(*(name for name, module in sys.modules.items() if module))"
COLLECTS = """
try:
    pdu_resources.__main__.main(pdu_resources.__main__.service, ["--help"])
except SystemExit:
    print(gc.isenabled())
"""
WITH_LISTENERS = ("bookings", "notifications")
WITHOUT_LISTENERS = ("portal", "reporting", "resources")


def said(module, program):
    """The words that a program prints in a fresh process once it has imported a module."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-P", "-c", f"import gc, sys, {module}\n{program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("name", [*WITH_LISTENERS, *WITHOUT_LISTENERS])
def test_a_service_does_without_what_is_optional(name):
    loaded = said(f"pdu_{name}.__main__", LOADED)

    assert "fastapi" in loaded
    assert loaded.isdisjoint({"rich", "pygments", "pydantic.v1", "typer", "websockets"})


@pytest.mark.parametrize("name", WITHOUT_LISTENERS)
def test_a_service_without_listeners_does_without_faststream(name):
    assert "faststream" not in said(f"pdu_{name}.__main__", LOADED)


def test_the_launcher_can_start_servers_before_it_loads_the_web():
    loaded = said("pdu_local.up", LOADED)

    assert "pdu_local.servers" in loaded
    assert loaded.isdisjoint({"fastapi", "httpx", "joserfc", "rich"})


def test_garbage_is_collected_again_once_a_service_runs():
    assert "False" in said("pdu_resources.__main__", "print(gc.isenabled())")
    assert "True" in said("pdu_resources.__main__", COLLECTS)
