"""What of this machine Pi may see, and starting it in its sandbox."""

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import secrecy
from place import Place, reachable

TASKS = 200
"""Processes and threads of Pi and all that it starts."""

LARGEST_FILE = 200_000_000
PATIENCE = 30.0

SYSTEM = (
    *("/bin", "/sbin", "/lib", "/lib64", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/usr/libexec"),
    *("/usr/share", "/usr/include", "/usr/local/bin", "/usr/local/lib", "/usr/local/include"),
    *("/etc/ssl", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types"),
    *("/dev/urandom", "/dev/random", "/dev/zero", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat"),
)
"""To be read. Not the configuration of the machine, where an address with a password may stand."""


class Refused(Exception):
    """Pi is not run, because nothing would hide from it what this process and those above it know."""


def pythons(place: Place) -> list[Path]:
    """Where the Python that runs this is, when Pi's user can get there; the system's own is found anyway."""
    own = Path(sys.base_prefix)
    return [own] if not place.user or reachable(own / "bin") else []


def specification(place: Place, read: list[Path], port: int, report: int) -> dict[str, Any]:
    return {
        "user": place.user,
        "landlock": True,
        "seccomp": True,
        "read": [*SYSTEM, str(place.tools), *map(str, read)],
        "write": [str(place.pen), "/dev/null"],
        "port": port,
        "tasks": TASKS + (0 if place.user else tasks_of(os.getuid())),
        "file_size": LARGEST_FILE,
        "parents": secrecy.ancestors(),
        "report": report,
    }


def tasks_of(user: int) -> int:
    """The kernel counts all of a user's, so those that are there already are not Pi's."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if folder.stat().st_uid == user:
                count += len(os.listdir(folder / "task"))
        except OSError:
            continue
    return count


def start(
    place: Place, command: list[str], environment: dict[str, str], read: list[Path], port: int, complaints: IO[bytes]
) -> tuple[subprocess.Popen[bytes], list[str]]:
    """Pi in its sandbox, and the layers that hold. Raises Refused."""
    heard, told = os.pipe()
    launcher = [sys.executable, "-s", "-B", str(Path(__file__).with_name("sandbox.py"))]
    asked = json.dumps(specification(place, read, port, told))
    with open(place.pen / "agent/goal.md", "rb") as goal:
        process = subprocess.Popen(
            [*launcher, asked, *command],
            cwd=place.workspace,
            env=environment,
            stdin=goal,
            stdout=subprocess.PIPE,
            stderr=complaints,
            pass_fds=[told],
            start_new_session=True,
        )
    os.close(told)
    report = read_report(heard)
    if "layers" not in report or "refused" in report:
        process.wait(PATIENCE)
        raise Refused(report.get("refused") or "the sandbox could not be made")
    return process, report["layers"]


def read_report(heard: int) -> dict[str, Any]:
    """What the launcher says before it becomes Pi."""
    with os.fdopen(heard, "rb") as report:
        ready, _, _ = select.select([report], [], [], PATIENCE)
        try:
            told = json.loads(report.read()) if ready else {}
        except ValueError:
            return {}
    return told if isinstance(told, dict) else {}
