"""A checkout has its own ports, and keeps them."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pdu_local.ports import DEFAULTS, OTHERS, Claims, choose, free_ports, remember, remembered

LOWEST_OF_CLIENTS = 32_768
"""Of the ports for outgoing connections, on Linux; elsewhere they begin higher."""


@pytest.fixture
def claims(tmp_path: Path) -> Iterator[Claims]:
    made = Claims(tmp_path / "claims")
    yield made
    made.release()


def test_a_port_of_the_last_run_is_used_again(claims, tmp_path):
    [port] = free_ports(1)
    remember(tmp_path / "ports.json", {"portal": port})

    chosen, remarks = choose(["portal"], remembered(tmp_path / "ports.json"), claims)

    assert (chosen, remarks) == ({"portal": port}, [])


def test_a_taken_port_is_replaced_and_the_reader_is_told(claims):
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]

        chosen, remarks = choose(["portal"], {"portal": taken}, claims)

    assert chosen["portal"] != taken
    assert remarks == [f"Port {taken} is taken by another program: portal uses {chosen['portal']}."]


def test_two_checkouts_that_start_together_choose_different_ports(claims, tmp_path):
    [port] = free_ports(1)
    choose(["portal"], {"portal": port}, claims)
    other = Claims(tmp_path / "claims")

    chosen, _ = choose(["portal"], {"portal": port}, other)
    other.release()

    assert chosen["portal"] != port


def test_a_port_that_was_given_out_stays_spoken_for():
    [port] = free_ports(1)

    assert not Claims().claim(port)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"portal": "8000"}', '{"portal": 80}', "\0"])
def test_a_damaged_note_of_ports_is_forgotten(tmp_path, text):
    (tmp_path / "ports.json").write_text(text)

    assert remembered(tmp_path / "ports.json") == {}


def test_every_default_port_is_different():
    assert len(set(DEFAULTS.values())) == len(DEFAULTS)


def test_no_port_is_one_that_a_client_can_be_given():
    """Who looks for a server that still boots would be connected to itself, and in its way."""
    assert max([*DEFAULTS.values(), *OTHERS]) < LOWEST_OF_CLIENTS


def test_many_taken_ports_are_told_in_one_sentence(claims, tmp_path):
    choose(DEFAULTS, {}, claims)
    other = Claims(tmp_path / "claims")

    _, remarks = choose(DEFAULTS, {}, other)
    other.release()

    assert len(remarks) == 1
    assert "another platform runs here?" in remarks[0]
