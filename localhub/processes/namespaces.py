"""Linux namespaces: a tree of processes that ends with its first one, and mounts that nobody else sees.

Works for root, and for everybody where user namespaces are allowed. A machine either grants all of it or nothing:
see `granted`. Knows nothing of what is mounted for whom.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from localhub.processes import limits, signals

NEW_MOUNTS, NEW_USERS, NEW_PIDS = 0x20000, 0x10000000, 0x20000000
READ_ONLY, NO_SUID, NO_DEVICES, REMOUNT, BIND, MOVE, RECURSIVE, PRIVATE = 1, 2, 4, 32, 4096, 8192, 16384, 1 << 18
KEPT_FLAGS = 2 | 4 | 8 | 1024 | 2048
"""nosuid, nodev, noexec, noatime, nodiratime: what a mount has may not be taken from it."""

SYSTEM = ("/proc", "/sys", "/dev")

Mount = dict[str, Any]
"""`source`: a folder; `target`: an absolute path, which need not exist; `read_only`"""


def granted() -> bool:
    """Whether this machine grants them. Tried in a child that ends at once."""
    if sys.platform != "linux":
        return False
    pid = os.fork()
    if pid == 0:
        try:
            leave()
            inner = os.fork()
            if inner == 0:
                arrange("", [])
                mount("none", "/proc", "tmpfs", 0)
                os._exit(0)
            os._exit(signals.exit_code(os.waitpid(inner, 0)[1]))
        except OSError:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def leave() -> None:
    """Leave this machine's namespaces. The next child is the first process of the new one."""
    user, group = os.getuid(), os.getgid()
    try:
        unshare(NEW_MOUNTS | NEW_PIDS)
    except OSError:
        unshare(NEW_USERS | NEW_MOUNTS | NEW_PIDS)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def enter() -> None:
    """Go on in new namespaces, as their first process: all others there end with it.

    The process that called stays outside and only waits, to end with the same code. Each of the two ends when its
    parent does.
    """
    signals.die_with_parent(signal.SIGKILL)
    leave()
    inner = os.fork()
    signals.die_with_parent(signal.SIGKILL)  # again: new rights may have taken it back
    if inner:
        os.closerange(0, limits.OPEN_FILES)
        os._exit(signals.exit_code(os.waitpid(inner, 0)[1]))


def arrange(root: str, mounts: Sequence[Mount]) -> None:
    """Mount what is asked for, and a /proc of our own processes. `root` is an empty folder for a root of our own.

    Nothing is made on the machine itself: what is missing is made in that root, and no link is followed on the way.
    """
    mount("none", "/", None, RECURSIVE | PRIVATE)
    targets = [os.path.realpath(place["target"]) for place in mounts]
    check_targets(targets)
    missing = {target for target in targets if not os.path.isdir(target)}
    prefix = os.path.realpath(root) if missing else ""
    if missing:
        mount("none", prefix, "tmpfs", NO_SUID | NO_DEVICES)
        mirror("/", prefix, missing)
    for place, path in zip(mounts, targets, strict=True):
        target = prefix + path
        make(target, prefix)
        bind(place["source"], target)
        if place["read_only"]:
            mount("none", target, None, REMOUNT | BIND | READ_ONLY | os.statvfs(target).f_flag & KEPT_FLAGS)
    mount("proc", f"{prefix}/proc", "proc", NO_SUID | NO_DEVICES)
    if prefix:
        os.chdir(prefix)
        mount(".", "/", None, MOVE)
        os.chroot(".")
        os.chdir("/")


def is_system(path: str) -> bool:
    """Whether nothing may be mounted at a path, because the system itself is there."""
    return f"{path}/".startswith(tuple(f"{system}/" for system in SYSTEM))


def check_targets(targets: Sequence[str]) -> None:
    """By where the links on the way lead. One below another would be made in what is mounted there."""
    for number, target in enumerate(targets):
        if is_system(target) or target == "/":
            raise OSError(f"nothing can be mounted at {target}")
        others = [*targets[:number], *targets[number + 1 :]]
        if any(f"{target}/".startswith(f"{other}/") for other in others):
            raise OSError(f"what is to be mounted at {target} would lie inside something else that is mounted")


def make(target: str, prefix: str) -> None:
    """The folder, unless it is there; only below `prefix`, and never by a link that would lead out of it."""
    if os.path.isdir(target) and os.path.realpath(target) == target:
        return
    if not prefix or os.path.realpath(target) != target:
        raise OSError(f"{target} cannot be made")
    os.makedirs(target)


def mirror(folder: str, copy: str, missing: Collection[str]) -> None:
    """Show in `copy`, of which we are the master, all that is in `folder`; so there is room for what is missing."""
    for name in os.listdir(folder):
        source, target = os.path.join(folder, name), os.path.join(copy, name)
        if os.path.islink(source):
            os.symlink(os.readlink(source), target)
        elif not os.path.isdir(source):
            Path(target).touch()
            bind(source, target)
        else:
            os.mkdir(target)
            if any(path.startswith(f"{source}/") for path in missing):
                mirror(source, target, missing)
            else:
                bind(source, target)


def bind(source: str, target: str) -> None:
    mount(source, target, None, BIND | RECURSIVE)


def unshare(flags: int) -> None:
    check(library().unshare(flags), "unshare")


def mount(source: str, target: str, kind: str | None, flags: int) -> None:
    encoded = kind.encode() if kind else None
    check(library().mount(source.encode(), target.encode(), encoded, ctypes.c_ulong(flags), None), target)


def check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


def library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
