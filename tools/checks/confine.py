"""Takes everything away from the process that is about to read foreign bytes.

The resource limits always hold. Landlock (no files but Python's own, no network) and seccomp (no sockets, no
programs, no processes) are Linux's; where the kernel has neither, or the machine is no x86-64, the limits are
all there is. Prepared once before forking; entered after the imports, by a process that will not come back.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys

ADDRESS_SPACE = 2 << 30
FILES = 16

_PARENT_DEATH, _NO_NEW_PRIVILEGES, _SECCOMP = 1, 38, 22
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446

_DENIED = (41, 42, 49, 50, 53, 56, 57, 58, 59, 62, 101, 200, 234, 322, 425, 435)
"""socket, connect, bind, listen, socketpair, clone, fork, vfork, execve, kill, ptrace, tkill, tgkill,
execveat, io_uring_setup, clone3; numbers of x86-64."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


class Confinement:
    """What can be made ready before the fork, because that is paid once."""

    def __init__(self) -> None:
        self.linux = sys.platform == "linux"
        self.following = False
        self.parent = os.getpid()
        self.rules: int | None = None
        if self.linux:
            self.library = ctypes.CDLL(None, use_errno=True)
            self.rules = _landlock_rules(self.library)
            self.filter = _seccomp_filter() if platform.machine() == "x86_64" else b""

    def follow(self) -> None:
        """End with the process that forked this one, and before it when memory runs out."""
        if self.linux and not self.following:
            self.following = True
            self.library.prctl(_PARENT_DEATH, signal.SIGKILL, 0, 0, 0)
            if os.getpid() != self.parent and os.getppid() != self.parent:
                os._exit(1)  # it ended before it was asked to take us along
            _go_first()

    def held(self) -> tuple[int, ...]:
        """Descriptors that `enter` will need."""
        return () if self.rules is None else (self.rules,)

    def enter(self, seconds: float, written: int) -> None:
        """No new files, no network, no programs any more; `seconds` of processor, `written` bytes per file."""
        self.follow()
        _lower(resource.RLIMIT_AS, ADDRESS_SPACE)
        _lower(resource.RLIMIT_CPU, int(seconds) + 1)
        _lower(resource.RLIMIT_FSIZE, written)
        _lower(resource.RLIMIT_NOFILE, FILES)
        _lower(resource.RLIMIT_CORE, 0)
        if self.linux:
            self._seal()

    def _seal(self) -> None:
        self.library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        if self.rules is not None:
            self.library.syscall(_RESTRICT_SELF, self.rules, 0)
        if self.filter:
            code = ctypes.create_string_buffer(self.filter, len(self.filter))
            program = _Program(len(self.filter) // 8, ctypes.cast(code, ctypes.c_void_p))
            self.library.prctl(_SECCOMP, 2, ctypes.byref(program), 0, 0)


def _lower(limit: int, value: int) -> None:
    hard = resource.getrlimit(limit)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, value))


def _go_first() -> None:
    """When the machine runs out of memory, this process is the one to end."""
    try:
        score = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    except OSError:
        return  # a container may not allow it; the memory limit holds all the same
    os.write(score, b"1000")
    os.close(score)


def _landlock_rules(library: ctypes.CDLL) -> int | None:
    """Only Python's own files may still be read, for late imports. None when the kernel has no Landlock."""
    version = library.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return None
    files = ((1 << (13 + (version >= 2) + (version >= 3))) - 1) | (1 << 15 if version >= 5 else 0)
    attributes = struct.pack("<QQQ", files, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = int(library.syscall(_CREATE_RULESET, attributes, len(attributes), 0))
    if rules < 0:
        return None
    # Not all of sys.path: the project's folder is on it, with runs and perhaps settings in it.
    for path in {sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(__file__)}:
        _allow_reading(library, rules, path)
    return rules


def _allow_reading(library: ctypes.CDLL, rules: int, path: str) -> None:
    read_file, read_folder = 1 << 2, 1 << 3
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    library.syscall(_ADD_RULE, rules, 1, struct.pack("<Qi", read_file | read_folder, folder), 0)
    os.close(folder)


def _seccomp_filter() -> bytes:
    """Berkeley Packet Filter code: load the number of the call and compare it with each denied one."""
    load, equal, answer = 0x20, 0x15, 0x06
    allow, refuse, x86_64 = 0x7FFF0000, 0x00050001, 0xC000003E
    lines = [(load, 0, 0, 4), (equal, 1, 0, x86_64), (answer, 0, 0, refuse), (load, 0, 0, 0)]
    lines += [(equal, len(_DENIED) - place, 0, number) for place, number in enumerate(_DENIED)]
    lines += [(answer, 0, 0, allow), (answer, 0, 0, refuse)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)
