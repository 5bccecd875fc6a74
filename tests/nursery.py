"""Where service processes are born: `python nursery.py` imports a service once and forks it often.

To import a service takes longer than to start it. Orders come as JSON lines, and so do the ends:
`{"born": pid}` answers an order, `{"ended": pid, "code": exit code}` is told when it happens. Who
closes the orders ends all that still live.
"""

import pdu_shared.lean  # noqa: F401, I001 - before all that it spares

import contextlib
import json
import os
import runpy
import selectors
import signal
import sys


def born(order):
    """The life of a forked process: what `python -m pdu_<name>` does. Never returns."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, there in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, there)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = [order["name"]]
    code = 1
    try:
        runpy.run_module(f"pdu_{order['name']}", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
        if end.code and not isinstance(end.code, int):
            sys.stderr.write(f"{end.code}\n")
    except BaseException as trouble:  # noqa: BLE001 - told in its log, whatever it is
        sys.excepthook(type(trouble), trouble, trouble.__traceback__)
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def tell(**what):
    os.write(1, f"{json.dumps(what)}\n".encode())


def reap(living):
    for pid in list(living):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            living.remove(pid)
            tell(ended=pid, code=os.waitstatus_to_exitcode(status))


def main():
    living, waiting = set(), b""
    heard, wakes = os.pipe()
    for end in (heard, wakes):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    looking = selectors.DefaultSelector()
    for source in (0, heard):
        looking.register(source, selectors.EVENT_READ)
    while True:
        for key, _ in looking.select():
            if key.fd == heard:
                os.read(heard, 4096)
                reap(living)
                continue
            said = os.read(0, 65_536)
            if not said:
                for pid in living:
                    os.kill(pid, signal.SIGKILL)
                return
            *orders, waiting = (waiting + said).split(b"\n")
            for line in orders:
                order = json.loads(line)
                __import__(f"pdu_{order['name']}.app")
                if not (pid := os.fork()):
                    born(order)
                living.add(pid)
                tell(born=pid)


if __name__ == "__main__":
    main()
