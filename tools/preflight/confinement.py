"""What a process that runs a generated app once may still do: read Python's files, write into its own folder.

No network, no programs, no other processes. Landlock and seccomp are Linux's, the latter's numbers x86-64's; elsewhere
only the limits hold, and the app is run without a token or anything else of the user's in its environment.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys

MEMORY = 6 << 30
"""Bytes of address space; Gradio alone takes one and a half."""
SECONDS = 60
"""Of processor."""
WRITTEN = 64 << 20
_PARENT_DEATH, _NO_NEW_PRIVILEGES, _SECCOMP = 1, 38, 22
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_DENIED = (41, 42, 49, 50, 57, 58, 59, 62, 101, 200, 234, 310, 311, 322, 425)
"""socket, connect, bind, listen, fork, vfork, execve, kill, ptrace, tkill, tgkill, process_vm_readv and writev,
execveat, io_uring_setup. Threads and pairs of sockets stay, for event loops."""
_CLONE, _CLONE3, _THREAD = 56, 435, 0x10000
_READ = (1 << 0) | (1 << 2) | (1 << 3)
"""Execute, which mapping a library asks for, read a file, read a folder."""
_READABLE = ("/usr", "/lib", "/lib64", "/etc/ssl", "/etc/mime.types", "/etc/localtime", "/dev/urandom", "/proc/self")


def confine(folder: str) -> None:
    """Enter it for good. Threads that run already are not held by it, so come before them."""
    _lower(resource.RLIMIT_AS, MEMORY)
    _lower(resource.RLIMIT_CPU, SECONDS)
    _lower(resource.RLIMIT_FSIZE, WRITTEN)
    _lower(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_PARENT_DEATH, signal.SIGKILL, 0, 0, 0)
        library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _landlock(library, folder)
        if platform.machine() == "x86_64":
            _seccomp(library)


def _lower(limit: int, value: int) -> None:
    hard = resource.getrlimit(limit)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, value))


def _landlock(library: ctypes.CDLL, folder: str) -> None:
    version = library.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return
    every = (1 << (13 + (version >= 2) + (version >= 3))) - 1
    attributes = struct.pack("<QQ", every, 3)[: 8 if version < 4 else 16]
    rules = int(library.syscall(_CREATE_RULESET, attributes, len(attributes), 0))
    if rules < 0:
        return
    for path in {*_READABLE, sys.prefix, sys.base_prefix, sys.exec_prefix}:
        _allow(library, rules, path, _READ)
    _allow(library, rules, folder, every)
    _allow(library, rules, "/dev/null", (1 << 1) | (1 << 2))
    library.syscall(_RESTRICT_SELF, rules, 0)
    os.close(rules)


def _allow(library: ctypes.CDLL, rules: int, path: str, access: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        access &= 0b111  # execute, write, read: what there is for a file
    library.syscall(_ADD_RULE, rules, 1, struct.pack("<Qi", access, opened), 0)
    os.close(opened)


def _seccomp(library: ctypes.CDLL) -> None:
    code = _filter()
    text = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(text))
    library.prctl(_SECCOMP, 2, ctypes.create_string_buffer(program, len(program)), 0, 0)


def _filter() -> bytes:
    """Berkeley Packet Filter code: the number of the call beside each denied one; clone only for threads."""
    load, equal, any_bit, answer = 0x20, 0x15, 0x45, 0x06
    allow, refuse, unknown, x86_64 = 0x7FFF0000, 0x00050001, 0x00050026, 0xC000003E
    lines = [(load, 0, 0, 4), (equal, 1, 0, x86_64), (answer, 0, 0, refuse), (load, 0, 0, 0)]
    # clone3 is answered with "no such call", after which the C library asks by clone.
    lines += [(equal, 0, 1, _CLONE3), (answer, 0, 0, unknown)]
    lines += [(equal, 0, 4, _CLONE), (load, 0, 0, 16), (any_bit, 1, 0, _THREAD), (answer, 0, 0, refuse)]
    lines += [(answer, 0, 0, allow)]
    lines += [(equal, len(_DENIED) - place, 0, number) for place, number in enumerate(_DENIED)]
    lines += [(answer, 0, 0, allow), (answer, 0, 0, refuse)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)
