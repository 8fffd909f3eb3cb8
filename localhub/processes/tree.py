"""Trees of processes, as /proc shows them. Where there is none (macOS) nothing is found, and groups must do."""

import contextlib
import os
import signal
import time
from collections.abc import Collection, Iterable, Iterator

STUBBORN = 3.0
"""Seconds after which killing is given up: what still lives then hangs in the kernel."""


def processes() -> Iterator[tuple[int, int, int]]:
    """Each process with its parent and its session."""
    try:
        names = os.listdir("/proc")
    except FileNotFoundError:
        return
    for name in filter(str.isdigit, names):
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                # The name of the program, in brackets, may hold anything.
                fields = file.read().rpartition(b")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield int(name), int(fields[1]), int(fields[3])


def descendants(root: int, except_for: Collection[int] = ()) -> list[int]:
    """Every process below `root`, a parent before its children. Without those in `except_for` and below."""
    children: dict[int, list[int]] = {}
    for pid, parent, _ in processes():
        if pid not in except_for:
            children.setdefault(parent, []).append(pid)
    found = list(children.get(root, []))
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def relatives(leader: int, marker: bytes) -> set[int]:
    """What belongs to a process that led a session, even when it is gone: below it, in it, or with its environment."""
    found = set(descendants(leader))
    for pid, _, session in processes():
        if session == leader or marker in environment(pid):
            found.add(pid)
    return found - {os.getpid(), leader}


def environment(pid: int) -> bytes:
    """As the process was started with; zero bytes stand around each entry."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return b"\0" + file.read()
    except OSError:
        return b""


def kill(pid: int, deadly: int = signal.SIGKILL) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, deadly)


def kill_all(pids: Iterable[int]) -> None:
    for pid in pids:
        kill(pid)


def end_descendants(except_for: Collection[int] = ()) -> None:
    """Kill everything below this process, which adopts orphans. Round by round, because they may go on forking.

    Children in `except_for` are spared, with what is below them.
    """
    deadline = time.monotonic() + STUBBORN
    while (found := descendants(os.getpid(), except_for)) and time.monotonic() < deadline:
        for pid in found:
            kill(pid, signal.SIGSTOP)
        kill_all(found)
        reap(found)
        time.sleep(0.002)


def reap(pids: Collection[int] = (-1,)) -> dict[int, int]:
    """The wait status of every child that has ended, or of those in `pids`."""
    ended = {}
    for wanted in pids:
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(wanted, os.WNOHANG))[0]:
                ended[found[0]] = found[1]
    return ended
