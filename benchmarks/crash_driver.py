"""A process that pursues a fixed plan of 12 steps and is killed on the way; and the bugs that can be planted in it.

Uses the real runner, journal, transport and tools. Only the write of the journal is its own: it may kill the process
before, after or in the middle of a line.
"""

import asyncio
import ctypes
import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as Signal
from pathlib import Path
from threading import Timer
from typing import Literal, NamedTuple

import huggingface_hub  # noqa: F401 - a forked driver finds it loaded

from benchmarks.composition import Link, branches_plan, crew_on, runner_of
from core.artifacts import ArtifactStore
from core.errors import RunBusy
from core.events import RunFinished, RunStarted
from core.journal import Entry, Journal, Write, read
from core.nouns import Artifact, Goal
from core.record import STATE, RunFolder

Chains = tuple[tuple[str, ...], ...]
PICTURES: Chains = (
    ("/echo", "/image", "/digest"),
    ("/image", "/tint", "/digest"),
    ("/echo", "/echo", "/image"),
    ("/image", "/digest", "/echo"),
)
TEXTS: Chains = (
    ("/echo", "/long", "/sum"),
    ("/long", "/sum", "/echo"),
    ("/echo", "/echo", "/long"),
    ("/long", "/echo", "/sum"),
)
"""Long texts are artifacts with a file too, but nobody needs the laboratory for them, which takes a while to start."""

BUSY = 75
"""What a process says that found the run in other hands."""

Place = Literal["before", "after", "torn"]
Bug = Literal["record before bytes", "torn line kept", "state over events", "no lock"]
BUGS: tuple[Bug, ...] = ("record before bytes", "torn line kept", "state over events", "no lock")


class Switch(NamedTuple):
    """Where the process kills itself."""

    event: int
    """Counted from 0 over what this process writes."""
    place: Place
    seed: int = 0

    def write(self) -> Write:
        seen = -1

        def write(file: int, line: bytes) -> int:
            nonlocal seen
            seen += 1
            if seen != self.event:
                return os.write(file, line)
            if self.place == "after":
                os.write(file, line)
            elif self.place == "torn":
                os.write(file, line[: random.Random(self.seed).randrange(1, len(line))])
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError("nobody survives SIGKILL")

        return write


class Assignment(NamedTuple):
    folder: Path
    """Of the run; its root holds the cache."""
    hub: str
    chains: Chains
    seconds: float
    """How long each of the 12 calls takes."""
    switch: Switch | None = None
    bug: Bug | None = None


def subjects(run: str, chains: Chains) -> tuple[str, ...]:
    """What the branches start from: told apart from every other run's by its name."""
    return tuple(f"{run}/{number}" for number in range(len(chains)))


def drive(assignment: Assignment, answer: Connection, go: Signal | None = None) -> None:
    """Begin or resume the run; send 0 when it passed, 75 when another process has it, else why not.

    Who holds the run waits for `go` before it does anything.
    """
    _die_with_parent()
    try:
        answer.send(asyncio.run(_pursue(assignment, go)))
    except RunBusy:
        answer.send(BUSY)
    except BaseException:
        answer.send(traceback.format_exc())
    sys.stdout.flush()
    os._exit(0)


async def _pursue(assignment: Assignment, go: Signal | None) -> int | str:
    path = assignment.folder
    write = assignment.switch.write() if assignment.switch else os.write
    journal = _JOURNALS.get(assignment.bug or "", Journal)(path, write)
    if go is not None and not go.wait(30):
        return "nobody gave the word to go on"
    try:
        events = [entry.event for entry in journal.entries]
        if any(isinstance(event, RunFinished) and event.status == "passed" for event in events):
            return 0
        folder = RunFolder(path)
        if assignment.bug == "record before bytes":
            folder.artifacts = _LateStore(path)
        branches = [[Link(endpoint, assignment.seconds) for endpoint in chain] for chain in assignment.chains]
        plan = branches_plan(subjects(path.name, assignment.chains), branches, checked=True)
        goal = None if any(isinstance(event, RunStarted) for event in events) else Goal(text="twelve steps")
        async with crew_on(assignment.hub, path.parent) as crew:
            run = await runner_of(crew, plan, assignment.hub).pursue(folder, journal, goal)
        return 0 if run.status == "passed" else f"{run.status}: {run.reason}"
    finally:
        journal.close()


def _die_with_parent() -> None:
    """SIGKILL when the process that forked us ends (Linux)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


# Planted bugs: a crash test that cannot fail proves nothing --------------------------------------------------------


class _LateStore(ArtifactStore):
    """Says that a file is kept a moment before it is in place."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._late: dict[str, Path] = {}

    def path(self, artifact: Artifact) -> Path:
        return self._late.get(artifact.file or "") or super().path(artifact)

    def _settle(self, path: Path, file: str) -> None:
        self._late[file] = path
        Timer(0.03, self._settle_late, (path, file)).start()

    def _settle_late(self, path: Path, file: str) -> None:
        super()._settle(path, file)
        del self._late[file]


class _TornKept(Journal):
    """Opens a record without cutting off a torn last line."""

    def _recover(self) -> Iterator[Entry]:
        self._damage = None
        yield from read(self.folder)


class _StateTrusted(Journal):
    """Believes state.json where the journal knows more."""

    def __init__(self, folder: Path, write: Write = os.write) -> None:
        super().__init__(folder, write)
        try:
            upto = json.loads((folder / STATE).read_text())["upto"]
        except FileNotFoundError:
            return
        hashes = [entry.hash for entry in self.entries]
        self.entries = self.entries[: hashes.index(upto) + 1]


class _Unlocked(Journal):
    """Takes a lock that it finds for a forgotten one."""

    def __init__(self, folder: Path, write: Write = os.write) -> None:
        (folder / "lock").unlink(missing_ok=True)
        super().__init__(folder, write)


_JOURNALS: dict[str, type[Journal]] = {
    "torn line kept": _TornKept,
    "state over events": _StateTrusted,
    "no lock": _Unlocked,
}
