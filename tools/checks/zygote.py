"""The separate process that reads foreign bytes: one fork for every file, with everything imported beforehand.

Speaks over its stdin and stdout: requests are JSON lines; an answer is a header (request, outcome, length) and the
bytes the fork wrote. Single-threaded, so that forking is safe. Ends when its stdin closes, which also happens when
its parent is killed, and the forks end with it.
"""

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import stat
import struct
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from io import BytesIO
from typing import Any, NoReturn

from PIL import Image

from tools.checks.caps import CAPS
from tools.checks.confine import Confinement
from tools.checks.finding import Unsound
from tools.checks.measure import measure, refused
from tools.checks.thumbnail import thumbnail

HEADER = struct.Struct("<IBI")
DONE, HUNG, BROKEN = 0, 1, 2
"""Outcomes: the fork answered, was killed at its deadline, or ended without an answer."""

LONGEST_ANSWER = 1 << 20
LARGEST_THUMBNAIL = 4 << 20
HEAVY = ("av", "trimesh", "pikepdf")
"""Libraries that take long to import and that most files do not need: 30 to 90 MB, 0.1 to 1 s."""

WANTED = 64
"""Exit statuses from here on: a fork ended because it needs a library of `HEAVY`, which is imported for all to come."""


class Wanted(BaseException):
    """A fork came to the import of a heavy library; no parser may take this for its own failure."""


class Later(MetaPathFinder):
    """Stops imports of heavy libraries: a confined fork could not read what they link to."""

    def __init__(self) -> None:
        self.names = set(HEAVY)

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> None:
        if name in self.names:
            raise Wanted(name)

    def load(self, name: str) -> None:
        """Here, where no foreign bytes are. What is not installed stays missing in the forks too."""
        self.names.discard(name)
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
        gc.freeze()


@dataclass
class Fork:
    """One file being looked at."""

    request: dict[str, Any]
    pid: int
    deadline: float
    answer: bytearray = field(default_factory=bytearray)
    outcome: int = BROKEN


class Zygote:
    def __init__(self, requests: int, answers: int, slots: int) -> None:
        self.confinement = Confinement()
        self.later = Later()
        sys.meta_path.insert(0, self.later)
        self.requests, self.answers, self.slots = requests, answers, slots
        self.selector = selectors.DefaultSelector()
        self.selector.register(requests, selectors.EVENT_READ, None)
        self.forks: dict[int, Fork] = {}
        """By the descriptor that their answer comes from."""
        self.waiting: deque[dict[str, Any]] = deque()
        self.pending = b""

    def serve(self) -> None:
        """Until stdin closes."""
        while self._listen():
            self._end_the_late()
            while self.waiting and len(self.forks) < self.slots:
                self._begin(self.waiting.popleft())
        for fork in self.forks.values():
            os.kill(fork.pid, signal.SIGKILL)

    def _listen(self) -> bool:
        """Takes what has arrived; False when nobody can ask any more."""
        next_deadline = min((fork.deadline for fork in self.forks.values()), default=None)
        patience = None if next_deadline is None else max(0.0, next_deadline - time.monotonic())
        for key, _ in self.selector.select(patience):
            if key.fd == self.requests:
                piece = os.read(self.requests, 1 << 16)
                if not piece:
                    return False
                self._take(piece)
            elif key.fd in self.forks:
                self._hear(key.fd)
        return True

    def _take(self, piece: bytes) -> None:
        *lines, self.pending = (self.pending + piece).split(b"\n")
        for line in lines:
            request = json.loads(line)
            if "cancel" in request:
                self._cancel(request["cancel"])
            else:
                self.waiting.append(request)

    def _begin(self, request: dict[str, Any]) -> None:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            _live(request, writing, self.confinement)
        os.close(writing)
        self.forks[reading] = Fork(request, pid, time.monotonic() + request["seconds"])
        self.selector.register(reading, selectors.EVENT_READ, None)

    def _hear(self, descriptor: int) -> None:
        fork = self.forks[descriptor]
        piece = os.read(descriptor, 1 << 16)
        fork.answer += piece
        if not piece or len(fork.answer) > LONGEST_ANSWER:
            self._end(descriptor)

    def _end_the_late(self) -> None:
        now = time.monotonic()
        for descriptor in [descriptor for descriptor, fork in self.forks.items() if fork.deadline <= now]:
            self.forks[descriptor].outcome = HUNG
            self._end(descriptor)

    def _cancel(self, request: int) -> None:
        self.waiting = deque(other for other in self.waiting if other["id"] != request)
        for descriptor in [descriptor for descriptor, fork in self.forks.items() if fork.request["id"] == request]:
            self._end(descriptor)

    def _end(self, descriptor: int) -> None:
        """Reap the fork, dead or alive, and say what came of it."""
        fork = self.forks.pop(descriptor)
        self.selector.unregister(descriptor)
        os.close(descriptor)
        # A fork that closed its pipe has nothing left to say, whether it has ended or not.
        if fork.outcome == HUNG or len(fork.answer) > LONGEST_ANSWER or not fork.answer:
            os.kill(fork.pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(fork.pid, 0)[1])
        if fork.outcome != HUNG and WANTED <= status < WANTED + len(HEAVY):
            self.later.load(HEAVY[status - WANTED])
            self._begin(fork.request)
            return
        if fork.outcome != HUNG and status == 0 and 0 < len(fork.answer) <= LONGEST_ANSWER:
            fork.outcome = DONE
        payload = bytes(fork.answer) if fork.outcome == DONE else str(status).encode()
        _write(self.answers, HEADER.pack(fork.request["id"], fork.outcome, len(payload)) + payload)


def _live(request: dict[str, Any], writing: int, confinement: Confinement) -> NoReturn:
    """The whole life of a fork."""
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        try:
            answer = _looked(request, confinement)
        except Exception as error:  # foreign bytes broke the parser; the fork's last words say how
            answer = {"failed": f"{type(error).__name__}: {error}"[:300]}
        _write(writing, json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
        status = 0
    except Wanted as wanted:
        status = WANTED + HEAVY.index(str(wanted))
    finally:
        os._exit(status)


def _looked(request: dict[str, Any], confinement: Confinement) -> Any:
    """The answer to one request. Read first; then everything is taken away; then parse."""
    drawing = request["task"] == "thumbnail"
    try:
        data = _contents(request["path"])
        target = os.open(request["destination"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644) if drawing else -1
    except OSError as error:
        return {"unreadable": error.strerror or str(error)}
    except Unsound as unsound:
        return refused(unsound)
    confinement.enter(request["seconds"], LARGEST_THUMBNAIL if drawing else 0)
    sys.setrecursionlimit(4 * CAPS.json_depth)
    if not drawing:
        return measure(data, request["declared"])
    try:
        _write(target, thumbnail(data, request["declared"], request["pixels"]))
    except Unsound as unsound:
        return {"drawn": False, "reason": str(unsound)}
    return {"drawn": True}


def _contents(path: str) -> bytes:
    """All of a regular file; a pipe or a device is refused without waiting for it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as stream:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise Unsound("corrupt", "not a regular file")
        if about.st_size > CAPS.file_bytes:
            raise Unsound("limits", f"{about.st_size} bytes, at most {CAPS.file_bytes}")
        return stream.read(CAPS.file_bytes)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _warm() -> None:
    """What is done for the first time here is not done for the first time in every fork."""
    dot = BytesIO()
    Image.new("RGB", (1, 1)).save(dot, "PNG")
    for sample in (b"a", b'{"a": [1]}', b'{"asset": {"version": "2.0"}}', dot.getvalue()):
        measure(sample, None)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _warm()
    gc.collect()
    gc.freeze()  # the collector would write to memory that the forks share
    with contextlib.suppress(BrokenPipeError):
        _write(1, HEADER.pack(0, DONE, 0))
        Zygote(0, 1, slots=2 * (os.cpu_count() or 1)).serve()


if __name__ == "__main__":
    main()
