"""One process that a keeper has started: its output on the way to a log, and how it is made to end."""

import contextlib
import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from localhub.processes import tree

LOG_LIMIT = 16_000_000
"""Bytes of output kept of one start; what writes more is heard no further."""

LONGEST_LINE = 65536


@dataclass
class Child:
    key: str
    pid: int
    output: int
    log: IO[bytes]
    marker: bytes = b""
    """An entry of its environment that no other has. Used without a guard only."""
    control: int | None = None
    """To the guard of its tree; None when it has none and is reached through its group."""
    report: int | None = None
    """What the guard has to say of a start that failed."""
    rest: bytes = b""
    silent: bool = False
    """Whether nobody can write to its output any more."""
    kill_at: float | None = None

    @property
    def guarded(self) -> bool:
        return self.report is not None

    def hear(self) -> bool:
        """Write what it has said to its log, a time before every line. False if there is nothing."""
        try:
            data = os.read(self.output, 65536)
        except BlockingIOError:
            return False
        self.silent = not data
        *lines, self.rest = (self.rest + data).split(b"\n")
        if self.rest and (self.silent or len(self.rest) > LONGEST_LINE):
            lines, self.rest = [*lines, self.rest], b""
        self.note(lines)
        return bool(data)

    def note(self, lines: list[bytes]) -> None:
        if self.log.tell() >= LOG_LIMIT:
            return
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z\t"
        self.log.write(b"".join(now.encode() + line + b"\n" for line in lines))
        if self.log.tell() >= LOG_LIMIT:
            self.log.write(now.encode() + b"The log ends here: it has reached %d bytes.\n" % LOG_LIMIT)

    def ask(self) -> None:
        """Ask it to end: SIGTERM to its group."""
        if not self.guarded:
            self.signal(signal.SIGTERM)
        elif self.control is not None:
            with contextlib.suppress(BrokenPipeError):
                os.write(self.control, b"t")

    def force(self) -> None:
        """End it, with everything that it has started. The second time also a guard that does not answer."""
        if self.control is None:
            self.signal(signal.SIGKILL)
            return
        os.close(self.control)
        self.control = None

    def signal(self, deadly: int) -> None:
        """Reach the whole group, or only the child while it has not made its group yet."""
        try:
            os.killpg(self.pid, deadly)
        except (ProcessLookupError, PermissionError):
            tree.kill(self.pid, deadly)

    def close(self) -> str:
        """Hear the last of an ended one; what its guard has reported."""
        while self.hear():
            continue
        if self.rest:
            self.note([self.rest])
        self.log.close()
        told = b""
        if self.report is not None:
            with contextlib.suppress(BlockingIOError):  # its guard was killed, and what the guard kept still ends
                told = os.read(self.report, 4096)
        for pipe in (self.output, self.control, self.report):
            if pipe is not None:
                os.close(pipe)
        return told.decode(errors="replace")
