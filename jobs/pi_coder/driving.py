"""Follows one process of Pi to its end, and ends it when it may not go on."""

import contextlib
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import events
import tree
import workspace
from budget import Meter
from events import Story
from order import Limits
from outcome import Ending
from traces import Traces

LONGEST_LINE = 32_000_000
TICK = 0.5
BETWEEN_LOOKS = 3.0
"""Seconds between two copies of the traces, and between two looks at how much has been written."""

AFTER_SETTLED = 3.0
GRACE = 5.0
"""Seconds between SIGTERM and the end of everything."""


class Drive:
    def __init__(
        self,
        process: subprocess.Popen[bytes],
        limits: Limits,
        meter: Meter,
        traces: Traces,
        pen: Path,
        say: Callable[[str], None],
    ) -> None:
        self.process, self.limits, self.meter = process, limits, meter
        self.traces, self.pen, self.say = traces, pen, say
        self.story = Story()
        self.lines: queue.Queue[bytes | None] = queue.Queue(1000)
        self.started = self.heard = self.looked = time.monotonic()
        self.over = False
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        """Pi splits its events by line feeds alone; other separators are part of an event."""
        if (output := self.process.stdout) is not None:
            for line in iter(lambda: output.readline(LONGEST_LINE), b""):
                self.lines.put(line)
        self.lines.put(None)

    def follow(self) -> Ending | None:
        """Until Pi has ended, or is to be ended: then why."""
        while not self.over:
            self.step(TICK)
            if ending := self.ending():
                return ending
            if time.monotonic() - self.looked > BETWEEN_LOOKS:
                self.looked = time.monotonic()
                self.traces.publish()
                tree.bury_orphans(self.process.pid)
                if why := workspace.overflowing(self.pen):
                    return Ending("killed", why)
        return None

    def step(self, patience: float) -> None:
        """Take in one line, if there is one in time."""
        try:
            line = self.lines.get(timeout=max(0.0, patience))
        except queue.Empty:
            return
        if line is None:
            self.over = True
            return
        self.heard = time.monotonic()
        event = events.read(line)
        if event is None or event.get("type") in events.PASSED_OVER:
            return
        self.traces.append("events.jsonl", line.decode("utf-8", "replace").rstrip("\n"))
        if told := self.story.hear(event):
            self.say(told)

    def ending(self) -> Ending | None:
        now = time.monotonic()
        if self.story.settled:
            late = now - self.heard > AFTER_SETTLED
            return Ending("killed", "Pi was done, but did not end") if late else None
        if self.story.stop == "toolUse" and self.story.turn_over and (reached := self.meter.reached()):
            return Ending("budget", reached)
        if now - self.started > self.limits.seconds:
            return Ending("budget", f"factory budget reached: {self.limits.seconds:g} seconds")
        if now - self.heard > self.limits.idle:
            return Ending("killed", f"nothing was heard of Pi for {self.limits.idle:g} seconds")
        return None

    def end(self) -> int | None:
        """Pi's exit code; nothing that came of it lives any more."""
        if not self.over:
            self.process.terminate()
            deadline = time.monotonic() + GRACE
            while not self.over and time.monotonic() < deadline:
                self.step(deadline - time.monotonic())
        else:
            # Its output has ended, so it is about to.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE)
        tree.end_all(self.process.pid)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(GRACE)
        return None
