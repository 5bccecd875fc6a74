"""How `./pdu test` calls pytest."""

import json

import pytest

from pdu_local import testing
from pdu_local.testing import LONG, TWO, told_to_pytest

BY_DEFAULT = ["-m", LONG]


@pytest.mark.parametrize("words", [[], ["-v"], ["-x", "--durations", "10"], ["--maxfail=1"]])
def test_the_whole_suite_is_shared_by_two(words):
    assert told_to_pytest(words, {}) == [*BY_DEFAULT, *TWO, *words]


@pytest.mark.parametrize(
    "words",
    [
        ["tests/launcher/test_ports.py"],
        ["tests/launcher/test_ports.py::test_every_default_port_is_different"],
        ["tests/kernel", "-v"],
        ["-k", "outbox"],
        ["--pdb"],
        ["-s"],
    ],
)
def test_chosen_tests_run_in_one_process(words):
    assert told_to_pytest(words, {}) == [*BY_DEFAULT, *words]


@pytest.mark.parametrize("words", [["-n", "0"], ["-n4"], ["--numprocesses=3"]])
def test_a_number_of_workers_that_is_given_is_obeyed(words):
    assert told_to_pytest(words, {}) == [*BY_DEFAULT, *words]


@pytest.mark.parametrize("words", [["-m", "campaign"], ["-m=chroot"], ["-mbus"]])
def test_a_choice_by_mark_is_obeyed(words):
    assert told_to_pytest(words, {}) == words


@pytest.mark.parametrize("given", ["PDU_AMQP_URL", "PDU_DATABASE_URL"])
def test_servers_that_are_given_serve_one_process(given):
    assert told_to_pytest([], {given: "amqp://elsewhere"}) == BY_DEFAULT


@pytest.fixture
def suite(monkeypatch, tmp_path):
    """Plays pytest: each run is one of these, an exit code and what failed in it."""
    runs, told = [], []

    def run(words):
        code, failed = runs.pop(0)
        told.append(list(words))
        kept = tmp_path / ".pytest_cache/v/cache/lastfailed"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(dict.fromkeys(failed, True)))
        return code

    monkeypatch.setattr(testing, "_pytest", run)
    monkeypatch.setattr(testing, "choose", lambda: None)
    monkeypatch.setattr(testing, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    return runs, told


def test_what_failed_is_asked_once_more_alone_and_named(suite, capsys):
    runs, told = suite
    runs += [(1, ["tests/b.py::late", "tests/a.py::late"]), (0, [])]
    assert testing.test([]) == 0
    assert told[1] == [*BY_DEFAULT, "tests/a.py::late", "tests/b.py::late"]
    assert "SHAKY" in (said := capsys.readouterr().err)
    assert "tests/a.py::late" in said


@pytest.mark.parametrize(
    ("words", "rounds"),
    [
        ([], [(1, ["tests/a.py::wrong"]), (1, ["tests/a.py::wrong"])]),
        ([], [(1, [f"tests/a.py::wrong_{one}" for one in range(4)])]),
        ([], [(1, [])]),  # no test failed, and yet it is not well
        (["-k", "wrong"], [(1, ["tests/a.py::wrong"])]),
    ],
    ids=["twice", "many", "none", "chosen"],
)
def test_what_is_wrong_stays_red(suite, capsys, words, rounds):
    runs, _ = suite
    runs += rounds
    assert testing.test(words) == 1
    assert not runs
    assert "SHAKY" not in capsys.readouterr().err


def test_an_interrupted_run_is_not_repeated(suite):
    runs, _ = suite
    runs.append((2, ["tests/a.py::late"]))
    assert testing.test([]) == 2
