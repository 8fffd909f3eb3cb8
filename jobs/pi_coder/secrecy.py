"""How the one process that holds the token keeps it to itself.

The environment of a process stays readable in /proc as it was at the start, whatever the process does to its variables:
so the value is overwritten where the kernel shows it. Other processes above this one (the shell, uv) may hold it
still; that is why the sandbox must hide them too.
"""

import ctypes
import os
import sys
from pathlib import Path

NAME = "HF_TOKEN"
_DUMPABLE, _SUBREAPER = 4, 36


def take_token() -> str:
    """The token, or an empty text. It is in no variable of this process afterwards, and nobody may look into it."""
    token = os.environ.pop(NAME, "")
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_DUMPABLE, 0, 0, 0, 0)
        library.prctl(_SUBREAPER, 1, 0, 0, 0)
        _overwrite(f"{NAME}=".encode())
    return token


def _overwrite(name: bytes) -> None:
    """Fields 50 and 51 of /proc/self/stat say where the environment stands (zero for whom may not know)."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(fields[47]), int(fields[48])
    if not 0 < start < end:
        return
    place = 0
    for entry in ctypes.string_at(start, end - start).split(b"\0"):
        if entry.startswith(name):
            ctypes.memset(start + place + len(name), ord("x"), len(entry) - len(name))
        place += len(entry) + 1


def ancestors() -> list[int]:
    """This process and all above it, as far as /proc shows them."""
    found, pid = [], os.getpid()
    while pid > 0:
        found.append(pid)
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            break
    return found
