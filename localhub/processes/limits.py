"""How much of the machine one started process may use."""

import contextlib
import os
import resource
from pathlib import Path

OPEN_FILES = 65536
TASKS = 4096
"""Processes and threads that the user may have more than at the start: enough for any Job, too few for a fork bomb."""

NICENESS = 5
"""So that the Hub answers while Jobs compute."""

OUT_OF_MEMORY_SCORE = 500
"""So that the kernel, when memory runs out, takes a Job and not the Hub."""


def apply(memory: int | None) -> None:
    """Limit this process and what it starts.

    `memory` is in bytes and counts each process alone: what it may write to (RLIMIT_DATA), and not the addresses it
    has only reserved, of which JavaScript and WebAssembly take hundreds of gigabytes. Processors, disk and network
    are not limited.
    """
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    if memory:
        lower(resource.RLIMIT_DATA, memory)
    if os.getuid() and (running := tasks_of(os.getuid())):  # the kernel does not count those of root
        lower(resource.RLIMIT_NPROC, running + TASKS)
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(OUT_OF_MEMORY_SCORE))


def lower(which: int, wanted: int) -> None:
    _, hard = resource.getrlimit(which)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (limit, limit))


def tasks_of(user: int) -> int:
    """Threads of all processes of a user; 0 where /proc does not tell."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == user:
                count += len(os.listdir(folder / "task"))
    return count
