"""What a tree of processes uses of the machine, from /proc."""

import contextlib
import os
from pathlib import Path
from typing import NamedTuple

from localhub.processes import tree


class Usage(NamedTuple):
    seconds: float
    """Of processors, by all that live now and the children they have waited for."""
    memory: int
    """Bytes in RAM; what is shared counts for each."""


def of(root: int) -> Usage:
    """Of everything below a process; that one, a guard, is not counted."""
    ticks = pages = 0
    for pid in tree.descendants(root):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
            ticks += sum(map(int, fields[11:15]))
            pages += int(fields[21])
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE"))


def network() -> tuple[int, int]:
    """Bytes that the whole machine has received and sent, loopback included: a tree has no network of its own."""
    received = sent = 0
    with contextlib.suppress(OSError):
        for line in Path("/proc/net/dev").read_text().splitlines()[2:]:
            fields = line.partition(":")[2].split()
            received, sent = received + int(fields[0]), sent + int(fields[8])
    return received, sent
