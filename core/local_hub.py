"""The door to the local Hub: finds the one that runs, or starts one as a child process that dies with us.

Knows only its command line and the first line it prints, never its code or its files.
"""

import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from core.errors import HubFailure
from core.nouns import Frozen

ROOT = Path(__file__).resolve().parent.parent


GUESTS = "guests"
"""File in the data folder: a shared lock on it keeps the Hub from ending with the process that started it."""

STARTING_SECONDS = 10.0


class LocalHub(Frozen):
    """A local Hub that answers."""

    endpoint: str
    token: str
    ours: bool
    """Started by this process, and stopped with it."""


class _Child:
    """The Hub's process; the pipe to its standard input is what keeps it alive."""

    def __init__(self, data: Path, seed: Path | None) -> None:
        command = [sys.executable, "-m", "localhub", "--data", str(data.resolve()), "--with-parent"]
        command += ["--seed", str(seed.resolve())] if seed else []
        data.mkdir(parents=True, exist_ok=True)
        self._data = data
        self._log = (data / "hub.log").open("ab")
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            # A Ctrl-C is for us: we end the calls first, then the Hub by closing its input.
            start_new_session=True,
        )
        self._input = cast(IO[bytes], self._process.stdin)
        self._output = cast(IO[bytes], self._process.stdout)

    def greeting(self) -> dict[str, str]:
        line = self._output.readline()
        try:
            greeting = json.loads(line)
        except ValueError:
            greeting = None
        if not isinstance(greeting, dict) or "endpoint" not in greeting:
            log = Path(self._log.name)
            last = log.read_text("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
            raise HubFailure(f"the local Hub did not start: {last[0]} (see {log})")
        return greeting

    def __enter__(self) -> "_Child":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._input.close()
        self._output.close()
        self._log.close()
        if _guests(self._data):
            # It ends by itself when the last of them leaves.
            return
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def local_hub(data: Path, seed: Path | None = None) -> Iterator[LocalHub]:
    """A local Hub on this data folder: the one that runs there already, else one of our own for as long as we need it.

    One of our own begins with what the `seed` file holds.
    Raises HubFailure when it does not start.
    """
    with _staying(data):
        if (running := _running(data)) is not None:
            yield running
            return
    with _Child(data, seed) as child:
        try:
            greeting = child.greeting()
        except HubFailure:
            running = _soon_running(data)
            if running is None:
                raise
        else:
            yield LocalHub(endpoint=greeting["endpoint"], token=greeting["token"], ours=True)
            return
    with _staying(data):
        yield running


@contextmanager
def _staying(data: Path) -> Iterator[None]:
    """Keep a Hub that another process started from ending with that process."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / GUESTS).open("a") as guests:
        fcntl.flock(guests, fcntl.LOCK_SH)
        yield


def _guests(data: Path) -> bool:
    with (data / GUESTS).open("a") as guests:
        try:
            fcntl.flock(guests, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _soon_running(data: Path) -> LocalHub | None:
    """The Hub that somebody else is starting on the same folder at this moment."""
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline:
        if (running := _running(data)) is not None:
            return running
        time.sleep(0.1)
    return None


def _running(data: Path) -> LocalHub | None:
    question = [sys.executable, "-m", "localhub", "--data", str(data.resolve()), "--running"]
    if not (data / "hub.json").exists():
        return None
    try:
        answer = subprocess.run(question, cwd=ROOT, capture_output=True, check=False, timeout=STARTING_SECONDS)
        found = json.loads(answer.stdout)
        return LocalHub(endpoint=found["endpoint"], token=found["token"], ours=False)
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return None
