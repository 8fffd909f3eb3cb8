"""The separate process that has foreign bytes read: one fork for every file, with everything imported beforehand.

Speaks over its stdin and stdout: requests are JSON lines; an answer is a header (request, outcome, length) and the
bytes the fork wrote. Single-threaded, so that forking is safe. Ends when its stdin closes, which also happens when
its parent is killed, and the forks end with it. Its arguments are the heavy libraries that it has imported.
"""

import contextlib
import gc
import json
import os
import selectors
import signal
import struct
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

from tools.checks.confine import Confinement
from tools.checks.errand import LENGTH, WANTED, live, write
from tools.checks.libraries import HEAVY, load
from tools.checks.measure import measure

HEADER = struct.Struct("<IBI")
DONE, HUNG, BROKEN, WANTING = 0, 1, 2, 3
"""Outcomes: the fork answered, was killed at its deadline, ended without an answer, or needs a library to go on."""

LONGEST_ANSWER = 1 << 20

SPARES = 2
"""Forks made in advance: nobody waits for a fork while there is one."""

BURIAL = 0.05
"""Seconds until it is worth another look whether a fork that was ended is gone."""


@dataclass
class Fork:
    """A process that looks at one file, or waits for it."""

    pid: int
    asking: int
    hearing: int
    """Descriptors: of the pipe that the request goes into, and of the one that the answer comes from."""

    request: dict[str, Any] = field(default_factory=dict)
    deadline: float = 0.0
    answer: bytearray = field(default_factory=bytearray)
    late: bool = False

    @property
    def said(self) -> bytes | None:
        """The whole answer, None before it is there."""
        if len(self.answer) < LENGTH.size or len(self.answer) > LONGEST_ANSWER:
            return None
        end = LENGTH.size + LENGTH.unpack_from(self.answer)[0]
        return bytes(self.answer[LENGTH.size : end]) if len(self.answer) >= end else None


class Zygote:
    def __init__(self, requests: int, answers: int, slots: int) -> None:
        self.confinement = Confinement()
        self.requests, self.answers, self.slots = requests, answers, slots
        self.selector = selectors.DefaultSelector()
        self.selector.register(requests, selectors.EVENT_READ, None)
        self.spares: deque[Fork] = deque()
        self.forks: dict[int, Fork] = {}
        """By the descriptor that their answer comes from."""
        self.ending: set[int] = set()
        self.waiting: deque[dict[str, Any]] = deque()
        self.pending = bytearray()

    def serve(self) -> None:
        """Until stdin closes."""
        while self._listen():
            self._end_the_late()
            self._bury()
            while self.waiting and len(self.forks) < self.slots:
                self._begin(self.waiting.popleft())
        for fork in (*self.forks.values(), *self.spares):
            os.kill(fork.pid, signal.SIGKILL)

    def _listen(self) -> bool:
        """Takes what has arrived; False when nobody can ask any more."""
        for key, _ in self._arrived():
            if key.fd == self.requests:
                piece = os.read(self.requests, 1 << 20)
                if not piece:
                    return False
                self._take(piece)
            elif key.fd in self.forks:
                self._hear(key.fd)
        return True

    def _arrived(self) -> list[tuple[selectors.SelectorKey, int]]:
        """Waits until there is something to do; forks in advance while there is nothing."""
        while len(self.spares) < SPARES:
            if arrived := self.selector.select(0):
                return arrived
            self.spares.append(self._born(_warm))
        ends = [fork.deadline - time.monotonic() for fork in self.forks.values()]
        if self.ending:
            ends.append(BURIAL)
        return self.selector.select(max(0.0, min(ends)) if ends else None)

    def _take(self, piece: bytes) -> None:
        self.pending += piece
        if b"\n" not in piece:
            return
        *lines, self.pending = self.pending.split(b"\n")
        for line in lines:
            request = json.loads(line)
            if "cancel" in request:
                self._cancel(request["cancel"])
            else:
                self.waiting.append(request)

    def _born(self, rehearse: Callable[[], None]) -> Fork:
        hearing, answers = os.pipe()
        requests, asking = os.pipe()
        pid = os.fork()
        if pid == 0:
            live(requests, answers, self.confinement, rehearse)
        os.close(answers)
        os.close(requests)
        return Fork(pid, asking, hearing)

    def _begin(self, request: dict[str, Any]) -> None:
        line = json.dumps(request).encode() + b"\n"
        while not self._sent(fork := self.spares.popleft() if self.spares else self._born(_nothing), line):
            os.close(fork.hearing)
            self.ending.add(fork.pid)
        fork.request, fork.deadline = request, time.monotonic() + request["seconds"]
        self.forks[fork.hearing] = fork
        self.selector.register(fork.hearing, selectors.EVENT_READ, None)

    def _sent(self, fork: Fork, line: bytes) -> bool:
        """False for a spare that somebody has ended."""
        try:
            write(fork.asking, line)
        except BrokenPipeError:
            return False
        finally:
            os.close(fork.asking)
        return True

    def _hear(self, descriptor: int) -> None:
        fork = self.forks[descriptor]
        piece = os.read(descriptor, 1 << 16)
        fork.answer += piece
        if not piece or fork.said is not None or len(fork.answer) > LONGEST_ANSWER:
            self._end(descriptor)

    def _end_the_late(self) -> None:
        now = time.monotonic()
        for descriptor in [descriptor for descriptor, fork in self.forks.items() if fork.deadline <= now]:
            self.forks[descriptor].late = True
            self._end(descriptor)

    def _cancel(self, request: int) -> None:
        self.waiting = deque(other for other in self.waiting if other["id"] != request)
        for descriptor in [descriptor for descriptor, fork in self.forks.items() if fork.request["id"] == request]:
            self._end(descriptor)

    def _end(self, descriptor: int) -> None:
        """The fork ends, if it has not, and whoever asked is told what came of it."""
        fork = self.forks.pop(descriptor)
        self.selector.unregister(descriptor)
        os.close(descriptor)
        said = None if fork.late else fork.said
        if said is not None:
            self._tell(fork, DONE, said)
        # A fork that closed its pipe has nothing left to say, whether it has ended or not.
        os.kill(fork.pid, signal.SIGKILL)
        if said is not None:
            self.ending.add(fork.pid)
            return
        status = os.waitstatus_to_exitcode(os.waitpid(fork.pid, 0)[1])
        if not fork.late and WANTED <= status < WANTED + len(HEAVY):
            self._tell(fork, WANTING, HEAVY[status - WANTED].encode())
        else:
            self._tell(fork, HUNG if fork.late else BROKEN, str(status).encode())

    def _tell(self, fork: Fork, outcome: int, payload: bytes) -> None:
        write(self.answers, HEADER.pack(fork.request["id"], outcome, len(payload)) + payload)

    def _bury(self) -> None:
        """Forks that were ended after their answer; nobody waits for them."""
        self.ending -= {pid for pid in self.ending if os.waitpid(pid, os.WNOHANG)[0]}


def _nothing() -> None:
    """Somebody is waiting: there is no time for a rehearsal."""


def _warm() -> None:
    """What is done for the first time here is not done for the first time in every fork."""
    dot = BytesIO()
    Image.new("RGB", (1, 1)).save(dot, "PNG")
    for sample in (b"a", b'{"a": [1]}', b'{"asset": {"version": "2.0"}}', dot.getvalue()):
        measure(sample, None)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    load(sys.argv[1:])
    _warm()
    gc.collect()
    gc.freeze()  # the collector would write to memory that the forks share
    with contextlib.suppress(BrokenPipeError):
        write(1, HEADER.pack(0, DONE, 0))
        Zygote(0, 1, slots=2 * (os.cpu_count() or 1)).serve()


if __name__ == "__main__":
    main()
