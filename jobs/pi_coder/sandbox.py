"""Becomes a program that can do little: a process of its own, run as `python sandbox.py SPECIFICATION PROGRAM …`.

It takes its rights away one by one, says which layers hold, and then looks whether the environments of the processes
above it can be read: if one can, or if nothing but luck hides them, it refuses and the program is not run. Started
with a clean environment and without any secret.
"""

import ctypes
import json
import os
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import Any, NoReturn

import landlock
import seccomp

REFUSED = 97
_PARENT_DEATH, _NO_NEW_PRIVILEGES = 1, 38
_CAPABILITIES = 0x20080522
"""The third version of the structure that sets them; an empty one gives all up, which nobody is refused."""


def main() -> NoReturn:
    specification, program = json.loads(sys.argv[1]), sys.argv[2:]
    layers = confine(specification)
    told: dict[str, Any] = {"layers": layers}
    if why := doubt(layers, specification["parents"]):
        told["refused"] = f"Pi is not run, because {why}; what holds: {', '.join(layers)}"
    os.write(specification["report"], json.dumps(told).encode())
    if why:
        os._exit(REFUSED)
    os.close(specification["report"])
    os.execv(program[0], program)  # noqa: S606  no shell, on purpose


def confine(specification: dict[str, Any]) -> list[str]:
    """The layers that hold now. What the specification leaves out is not tried."""
    limit(specification)
    layers = ["rlimits"]
    if user := specification["user"]:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        layers.append("own user")
    library = ctypes.CDLL(None, use_errno=True)
    if library.capset(struct.pack("Ii", _CAPABILITIES, 0), bytes(24)) == 0:
        layers.append("no capabilities")
    library.prctl(_PARENT_DEATH, signal.SIGKILL, 0, 0, 0)
    if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
        layers.append("no new privileges")
    if specification["landlock"]:
        read = [*specification["read"], f"/proc/{os.getpid()}"]
        version = landlock.restrict(read, specification["write"], specification["port"])
        parts = ["files"] * (version >= 1) + ["tcp"] * (version >= 4) + ["signals"] * (version >= 6)
        layers += [f"landlock {version}: {', '.join(parts)}"] * (version > 0)
    if specification["seccomp"] and seccomp.restrict():
        layers.append("seccomp")
    return layers


def limit(specification: dict[str, Any]) -> None:
    for which, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, specification["file_size"]),
        (resource.RLIMIT_NOFILE, 4096),
        (resource.RLIMIT_NPROC, specification["tasks"]),
    ):
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def doubt(layers: list[str], processes: list[int]) -> str | None:
    """Why a secret of the processes above could be found from inside, if it could."""
    if visible := readable(processes):
        return f"the environment of process {visible[0]} can be read from its sandbox"
    if not any(layer.startswith(("own user", "landlock")) for layer in layers):
        return "this machine grants neither another user nor Landlock"
    return None


def readable(processes: list[int]) -> list[int]:
    """Those whose environment this process could read: tried, not reasoned."""
    found = []
    for process in processes:
        try:
            found += [process] * bool(Path(f"/proc/{process}/environ").read_bytes())
        except OSError:
            continue
    return found


if __name__ == "__main__":
    main()
