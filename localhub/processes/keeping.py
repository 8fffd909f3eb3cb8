"""The loop of a keeper process: starts, hears and ends processes for the Hub.

It stays a single thread, because a fork copies only the thread that called it: a lock that another thread held at
that moment would stay locked for ever in the child. Orders come as JSON lines on stdin and answers leave as JSON
lines on stdout. When the Hub ends, however it ends, this process ends everything and then itself.
"""

import json
import os
import selectors
import signal
import time
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any, NamedTuple

from localhub.processes import tree
from localhub.processes.child import Child

PATIENCE = 1.0
"""Seconds between asking a process to end and making it."""

LAST_PATIENCE = 0.1
"""The same when the Hub is gone."""

Order = dict[str, Any]
Pipe = tuple[int, int]


class Begun(NamedTuple):
    pid: int
    """0 in the child"""
    control: int | None = None
    report: int | None = None


class Keeping:
    def __init__(self, begin: Callable[["Keeping", Order, Pipe], Begun]) -> None:
        """`begin` starts the process of an order, which writes to the pipe's second end."""
        self.begin = begin
        self.children: dict[str, Child] = {}
        self.selector = selectors.DefaultSelector()
        self.unread = b""

    def serve(self, **told: object) -> Order:
        """Work until the Hub is gone. Returns only in a forked child, with the order it is to carry out."""
        awake = wake_for_children()
        self.selector.register(0, selectors.EVENT_READ)
        self.selector.register(awake, selectors.EVENT_READ)
        self.answer({"ready": True, **told})
        while True:
            ending = any(child.kill_at for child in self.children.values())
            for key, _ in self.selector.select(0.1 if ending else None):
                if key.fd == awake:
                    os.read(awake, 4096)
                elif key.fd == 0:
                    for order in self.obey():
                        if self.start(order):
                            return order
                elif not key.data.hear() and key.data.silent:
                    self.selector.unregister(key.fd)
            self.bury(tree.reap())
            self.insist()

    def answer(self, message: dict[str, Any]) -> None:
        try:
            os.write(1, json.dumps(message).encode() + b"\n")
        except BrokenPipeError:
            self.finish()

    def obey(self) -> Iterable[Order]:
        """Read the Hub's orders and stop what is to be stopped; what is to be started."""
        data = os.read(0, 1 << 20)
        if not data:
            self.finish()
        *lines, self.unread = (self.unread + data).split(b"\n")
        for command in map(json.loads, lines):
            child = self.children.get(command.get("stop", ""))
            if child:
                child.ask()
                child.kill_at = time.monotonic() + PATIENCE
            if "start" in command:
                yield command["start"]

    def finish(self, number: int = 0, frame: FrameType | None = None) -> None:
        """End everything, politely for a moment, and then this process."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for child in self.children.values():
            child.ask()
        time.sleep(LAST_PATIENCE if self.children else 0)
        pids = {child.pid for child in self.children.values()}
        for child in self.children.values():
            child.force()
        deadline = time.monotonic() + PATIENCE
        while pids and time.monotonic() < deadline:
            pids -= tree.reap().keys()
            time.sleep(0.002)
        tree.end_descendants()
        for child in self.children.values():
            child.hear()
        os._exit(0)

    def start(self, order: Order) -> bool:
        """True in a forked child, False here."""
        pipe = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # the child must not run our handler
        try:
            log = open(order["log"], "ab", buffering=0)  # noqa: SIM115  `bury` closes it
            begun = self.begin(self, order, pipe)
        except OSError as error:
            begun = None
            self.answer({"ended": order["key"], "code": 128, "failure": f"it cannot be started here: {error}"})
        if begun and begun.pid == 0:
            return True
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        output, writer = pipe
        os.close(writer)
        if begun is None:
            os.close(output)
            return False
        os.set_blocking(output, False)
        marker = f"\0HOME={order['environment'].get('HOME')}\0".encode()
        child = Child(order["key"], begun.pid, output, log, marker, begun.control, begun.report)
        self.children[child.key] = child
        self.selector.register(output, selectors.EVENT_READ, child)
        self.answer({"started": child.key, "pid": child.pid})
        return False

    def forsake(self, pipe: Pipe) -> None:
        """In a fresh fork: leave the keeper's group, handlers and pipes behind, and one's own reader's end."""
        os.setsid()
        os.close(signal.set_wakeup_fd(-1))
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        for key in list(self.selector.get_map().values()):
            if key.fd > 2:
                os.close(key.fd)
        self.selector.close()
        for child in self.children.values():
            child.log.close()
            for inherited in (child.control, child.report):
                if inherited is not None:
                    os.close(inherited)
        os.close(pipe[0])

    def bury(self, ended: dict[int, int]) -> None:
        for child in [child for child in self.children.values() if child.pid in ended]:
            status = ended[child.pid]
            del self.children[child.key]
            if not child.guarded:
                child.signal(signal.SIGKILL)
                tree.kill_all(tree.relatives(child.pid, child.marker))
            elif os.WIFSIGNALED(status):
                tree.end_descendants(except_for={other.pid for other in self.children.values()})
            if not child.silent:
                self.selector.unregister(child.output)
            failure = child.close()
            self.answer({"ended": child.key, "code": os.waitstatus_to_exitcode(status), "failure": failure})

    def insist(self) -> None:
        for child in self.children.values():
            if child.kill_at and time.monotonic() > child.kill_at:
                child.force()
                child.kill_at = time.monotonic() + PATIENCE


def speak_into(writer: int) -> None:
    """Let this process say everything into the pipe and hear nothing."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (writer, 1), (writer, 2)):
        os.dup2(source, target)
    os.close(nothing)


def wake_for_children() -> int:
    """A pipe that can be read whenever a child has ended."""
    awake, wake = os.pipe()
    os.set_blocking(awake, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    return awake
