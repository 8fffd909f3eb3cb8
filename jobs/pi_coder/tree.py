"""All processes that came of Pi: what its commands started lives in sessions of its own and survives Pi itself.

This process adopts them when their parents end (see secrecy.take_token), so they stay below it in the tree.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PATIENCE = 10.0


class Process(NamedTuple):
    parent: int
    state: str


def processes() -> dict[int, Process]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            found[int(folder.name)] = Process(int(fields[1]), fields[0])
    return found


def descendants() -> list[int]:
    """Of this process, those that only wait to be buried left out."""
    there = processes()
    found, front = set[int](), {os.getpid()}
    while front := {pid for pid, process in there.items() if process.parent in front} - found:
        found |= front
    return [pid for pid in found if there[pid].state not in "ZX"]


def bury_orphans(but: int) -> None:
    """Take note of the end of adopted ones; `but` is the child whose end somebody else waits for."""
    for pid, process in processes().items():
        if process.parent == os.getpid() and process.state == "Z" and pid != but:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def end_all(but: int) -> bool:
    """Kill every descendant, and those that appear meanwhile; whether none is left."""
    deadline = time.monotonic() + PATIENCE
    while left := descendants():
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)  # until the kernel has ended them; nothing tells of other people's children
    bury_orphans(but)
    return True
