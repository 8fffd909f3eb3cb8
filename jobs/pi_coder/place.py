"""Where Pi lives: folders made for one run, which the user that it is given can reach and nothing else of ours.

private/   what this process writes down, closed to Pi
tools/     node and Pi's program, to be read
pen/       workspace, home, agent, sessions, tmp: all that Pi may write
"""

import ctypes
import os
import random
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PEN = ("workspace", "home", "agent", "sessions", "tmp")
_NEW_MOUNTS, _BIND, _PRIVATE = 0x20000, 4096 | 16384, 16384 | (1 << 18)
_EMPTY = ("/mnt", "/srv", "/media", "/opt")


@dataclass(frozen=True)
class Place:
    root: Path
    user: int
    """The user to become; 0 where this process may not change it."""

    @property
    def private(self) -> Path:
        return self.root / "private"

    @property
    def tools(self) -> Path:
        return self.root / "tools"

    @property
    def pen(self) -> Path:
        return self.root / "pen"

    @property
    def workspace(self) -> Path:
        return self.pen / "workspace"

    def hand_over(self) -> None:
        """Give the pen to its user."""
        os.chmod(self.pen, 0o700)
        for folder, _, files in os.walk(self.pen):
            for path in (folder, *(os.path.join(folder, name) for name in files)):
                if self.user:
                    os.chown(path, self.user, self.user)


def make() -> Place:
    """In the temporary folder; shown elsewhere when another user could not get there. Before any thread starts."""
    root = Path(tempfile.mkdtemp(prefix="pi-"))
    user = own_user()
    if user:
        os.chmod(root, 0o755)  # noqa: S103  the parts that are not for everybody are closed themselves
        root = root if reachable(root) else shown(root)
    place = Place(root, user)
    place.private.mkdir(mode=0o700)
    for folder in (place.tools, *(place.pen / name for name in PEN)):
        folder.mkdir(parents=True)
    return place


def own_user() -> int:
    """One that no other run has, so that two beside each other cannot reach each other; 0 without the right to."""
    if os.geteuid():
        return 0
    user = random.randrange(20_000, 60_000)  # noqa: S311  it has to be another one, not a secret one
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        except OSError:
            os._exit(1)
        os._exit(0)
    return user if os.waitpid(child, 0)[1] == 0 else 0


def reachable(path: Path) -> bool:
    """Whether every user can get to it."""
    real = Path(os.path.realpath(path))
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (real, *real.parents))


def shown(root: Path) -> Path:
    """The folder at an empty place that everybody can reach, for this process and its children alone.

    Without the right to mount it is moved to the machine's temporary folder, where it outlives a killed Job.
    """
    target = next((path for path in map(Path, _EMPTY) if path.is_dir() and not any(path.iterdir())), None)
    library = ctypes.CDLL(None, use_errno=True)
    if target and library.unshare(_NEW_MOUNTS) == 0:
        library.mount(b"none", b"/", None, _PRIVATE, None)
        if library.mount(bytes(root), bytes(target), None, _BIND, None) == 0:
            return target
    shutil.rmtree(root)
    moved = Path(tempfile.mkdtemp(prefix="pi-", dir="/tmp"))
    os.chmod(moved, 0o755)  # noqa: S103
    return moved


def clear(place: Place) -> None:
    """As far as it goes: what is left goes with the container."""
    for path in place.root.iterdir():
        shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):  # where it is mounted it stays, empty
        place.root.rmdir()
