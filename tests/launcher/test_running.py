"""Only one platform runs from a checkout, and a broken note of it does no harm."""

import subprocess
import sys

import pytest

from pdu_local.children import Child, end_remains, is_running, started_at
from pdu_local.down import down
from pdu_local.failure import Failure
from pdu_local.paths import State
from pdu_local.running import Program, Run, current_run, last_run, only_one
from pdu_local.status import describe


@pytest.fixture
def state(tmp_path):
    return State(tmp_path)


def test_a_second_one_is_refused_kindly(state):
    with only_one(state):
        Run.ours("native", {"portal": 8000}).write(state)

        with pytest.raises(Failure, match=r"already runs.*8000") as refused, only_one(state):
            pass

    assert "./pdu down" in refused.value.way_out
    assert not state.run.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"programs": 3}', '{"pid": "x"}', "\0"])
def test_a_damaged_note_counts_as_none(state, text):
    state.run.write_text(text)

    assert last_run(state) is None
    assert describe(current_run(state)) == {"running": False, "healthy": False, "programs": {}}
    assert down(state) is False
    with only_one(state):
        pass


def test_a_note_that_a_killed_run_left_is_not_a_run(state):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    Run(pid=gone.pid, began=1).write(state)

    assert last_run(state) is not None
    assert current_run(state) is None
    assert down(state) is False


def test_a_lock_that_is_a_folder_ends_in_a_sentence(state):
    state.lock.mkdir()

    with pytest.raises(Failure, match="is a folder"), only_one(state):
        pass


def test_what_a_killed_run_left_running_is_ended_before_the_next(tmp_path):
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    child = Child("left", command, tmp_path / "left.log")
    child.start()
    try:
        left = Program(pid=child.pid, began=started_at(child.pid))
        assert is_running(left.pid, left.began)
        end_remains({left.pid: left.began}, patience=0.1)
        child.process.wait(5)
        assert child.exit_code == -9
    finally:
        child.kill()


def test_another_process_with_an_old_number_is_left_alone(tmp_path):
    child = Child(
        "stranger", [sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log"
    )
    child.start()
    try:
        end_remains({child.pid: started_at(child.pid) - 1}, patience=0.1)
        assert child.exit_code is None
    finally:
        child.kill()
