"""The guard of one tree of processes: starts a command, and ends all that came of it.

A fork of the keeper, without an exec. Where namespaces are granted it is the first process of its own, and the kernel
ends the tree with it, even when it is killed. Elsewhere it adopts the orphans of its tree and kills them; there a
tree survives only when the keeper and its guard are killed by force at the same time. On macOS it reaches the
command's group and not more.
"""

import contextlib
import os
import select
import signal
from typing import NoReturn

from localhub.processes import limits, namespaces, signals, tree
from localhub.processes.keeping import Begun, Keeping, Order, Pipe, speak_into, wake_for_children

CANNOT_START = 128
KILLED = 128 + signal.SIGKILL


def begin(keeping: Keeping, order: Order, pipe: Pipe) -> Begun:
    """Fork the guard of an order."""
    heard, control = os.pipe()
    report, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(control)
        os.close(report)
        be_guard(keeping, order, pipe, heard, told)
    os.close(heard)
    os.close(told)
    os.set_blocking(report, False)
    return Begun(pid, control, report)


def be_guard(keeping: Keeping, order: Order, pipe: Pipe, control: int, report: int) -> NoReturn:
    code = CANNOT_START
    try:
        keeping.forsake(pipe)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        os.close(nothing)
        if order["namespaces"]:
            namespaces.enter()
            namespaces.arrange(order["root"], order["mounts"])
        else:
            signals.adopt_orphans()
        code = Guard(order, pipe[1], control, report).watch()
    except OSError as error:
        os.write(report, str(error).encode())
    os._exit(code)


class Guard:
    def __init__(self, order: Order, output: int, control: int, report: int) -> None:
        self.order = order
        self.output = output
        self.control = control
        self.report = report

    def watch(self) -> int:
        """Until the command has ended, or is to be ended; its exit code. Nothing of its tree is left then."""
        awake = wake_for_children()
        child = self.start()
        while True:
            ready, _, _ = select.select([awake, self.control], [], [])
            if awake in ready:
                os.read(awake, 4096)
            if self.control in ready and not self.heed(child):
                self.end(child)
                return KILLED
            status = tree.reap().get(child)
            if status is not None:
                self.end(child)
                return signals.exit_code(status)

    def heed(self, child: int) -> bool:
        """False when the keeper is gone, or wants no more patience."""
        word = os.read(self.control, 1)
        if word:
            try:
                os.killpg(child, signal.SIGTERM)
            except (ProcessLookupError, PermissionError):
                tree.kill(child, signal.SIGTERM)
        return bool(word)

    def end(self, child: int) -> None:
        if self.order["namespaces"]:
            return  # all the others end with this process
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        tree.end_descendants()

    def start(self) -> int:
        pid = os.fork()
        if pid == 0:
            self.become_command()
        os.close(self.output)
        return pid

    def become_command(self) -> NoReturn:
        try:
            self.settle()
            self.execute()
        except OSError as error:
            os.write(self.report, str(error).encode())
        os._exit(CANNOT_START)

    def settle(self) -> None:
        """What a command finds around it: a session, its output, its folder, its limits, and no handlers of ours."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signals.die_with_parent(signal.SIGKILL)
        signals.gain_nothing()
        speak_into(self.output)
        os.chdir(self.order["folder"])
        limits.apply(self.order["memory"])

    def execute(self) -> None:
        command = self.order["command"]
        try:
            os.execvpe(command[0], command, self.order["environment"])  # noqa: S606  no shell, on purpose
        except FileNotFoundError:
            raise OSError(f'exec: "{command[0]}": executable file not found in $PATH') from None
        except (PermissionError, NotADirectoryError):
            raise OSError(f'exec: "{command[0]}": permission denied') from None
