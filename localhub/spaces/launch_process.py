"""The launcher process: imports gradio once and forks one child for each Space.

Run by path, never imported by the hub, so that what the hub is made of is on no Space's sys.path. How it keeps its
children is in `processes.keeping`. When the hub ends, however it ends, this process ends every Space with all that
came of it. When a single Space ends, what is below it, in its session or has its environment ends too: not what has
forked twice without an exec and made a session of its own, which ends with the hub.
"""

import os
import runpy
import signal
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from types import FrameType

PACKAGES = str(Path(__file__).parents[2])
sys.path.insert(0, PACKAGES)

from localhub.processes import signals  # noqa: E402
from localhub.processes.keeping import Begun, Keeping, Order, Pipe, speak_into  # noqa: E402
from localhub.spaces import gradio_adjustments, warmth  # noqa: E402

sys.path.remove(PACKAGES)


def follow_lifeline(lifeline: int) -> None:
    """End this process and its group when the hub's end of the pipe is closed, however the hub ended."""

    def wait() -> None:
        os.read(lifeline, 1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()


class Starter:
    """How the process of a Space begins."""

    def __init__(self, lifeline: int, fork: bool) -> None:
        self.lifeline = lifeline
        self.fork = fork

    def begin(self, keeping: Keeping, order: Order, pipe: Pipe) -> Begun:
        pid = os.fork() if self.fork and threading.active_count() == 1 else self.spawn(order, pipe[1])
        if pid == 0:
            self.settle(keeping, pipe)
        return Begun(pid)

    def settle(self, keeping: Keeping, pipe: Pipe) -> None:
        launcher = os.getppid()
        keeping.forsake(pipe)
        speak_into(pipe[1])
        os.close(pipe[1])
        signals.die_with_parent(signal.SIGKILL)
        if os.getppid() != launcher:
            os._exit(0)  # it went before the request above
        follow_lifeline(self.lifeline)

    def spawn(self, order: Order, writer: int) -> int:
        """The same where a fork is not safe: a fresh interpreter, which imports gradio itself."""
        child = subprocess.Popen(
            [sys.executable, "-P", __file__, "run", order["app_file"], str(self.lifeline)],
            cwd=order["folder"],
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=writer,
            env=order["environment"],
            pass_fds=[self.lifeline],
            start_new_session=True,
        )
        child.returncode = 0  # the loop waits for it, as for all the others
        return child.pid


def become(order: Order, places: warmth.Places) -> None:
    """Give this process the Space's environment, folder and places, also in what was imported before."""
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    places.of(order["home"])
    gradio_adjustments.adjust()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # or all the forked children would draw the same numbers


def run(app_file: str) -> None:
    """Run the Space's file as `python app.py` would, with a traceback that begins in the app."""
    path = os.path.abspath(app_file)
    sys.argv = [app_file]
    sys.path.insert(0, os.path.dirname(path))
    try:
        runpy.run_path(path, run_name="__main__")
    except Exception as error:  # the outermost frame of a Space
        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename != path:
            trace = trace.tb_next
        traceback.print_exception(type(error), error, trace)
        sys.exit(1)


def forget_hub() -> None:
    """Leave the name of our package to the Space."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "localhub"]:
        del sys.modules[name]


def launch(home: str, lifeline: int, hub: int, fork: bool) -> None:
    """Be the launcher; in a forked child, be the Space."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the hub says when to end
    signals.die_with_parent(signal.SIGKILL)

    def check_hub(number: int, frame: FrameType | None) -> None:
        if os.getppid() != hub:
            os._exit(0)

    # The pipe is not read while gradio is imported, which takes seconds.
    signal.signal(signal.SIGALRM, check_hub)
    signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)
    places = warmth.warm_up(home) if fork else warmth.Places(home, [], [])
    signal.setitimer(signal.ITIMER_REAL, 0)
    keeping = Keeping(Starter(lifeline, fork).begin)
    signal.signal(signal.SIGTERM, keeping.finish)
    signals.die_with_parent(signal.SIGTERM)
    check_hub(0, None)
    signals.adopt_orphans()
    order = keeping.serve()
    become(order, places)
    del keeping
    forget_hub()
    run(order["app_file"])


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["launch", home, lifeline, hub, how]:
            launch(home, int(lifeline), int(hub), how == "fork")
        case ["run", app_file, lifeline]:
            signals.die_with_parent(signal.SIGKILL)
            follow_lifeline(int(lifeline))
            forget_hub()
            run(app_file)
