"""Landlock: which files this process and all it starts may touch, and which port they may connect to.

Linux 5.13 has it for files, 6.7 for TCP, 6.12 for signals and abstract sockets. A port is allowed whatever the host:
the kernel knows no addresses here. The numbers of the calls are the same on all processors.
"""

import ctypes
import os
import struct
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_BENEATH, _PORT = 1, 2
_BIND, _CONNECT = 1, 2
_READ = 0b1101
"""Execute, read a file, read a folder."""
_DEVICES = (1 << 6) | (1 << 11)
_OF_FILES = 0b111 | (1 << 14) | (1 << 15)


def version() -> int:
    """0 where the kernel has none."""
    return max(0, int(ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, 0, 1)))


def restrict(read: Iterable[str], write: Iterable[str], port: int) -> int:
    """For good. The version that holds now, 0 for none. Needs no_new_privs."""
    found = version()
    if not found:
        return 0
    library = ctypes.CDLL(None, use_errno=True)
    every = (1 << (13 + (found >= 2) + (found >= 3))) - 1 | (1 << 15 if found >= 5 else 0)
    attributes = struct.pack("<QQQ", every, _BIND | _CONNECT, 3)[: 8 if found < 4 else 16 if found < 6 else 24]
    rules = int(library.syscall(_CREATE_RULESET, attributes, len(attributes), 0))
    if rules < 0:
        return 0
    for path in read:
        _allow(library, rules, path, _READ)
    for path in write:
        _allow(library, rules, path, every & ~_DEVICES)
    if found >= 4:
        library.syscall(_ADD_RULE, rules, _PORT, struct.pack("<QQ", _CONNECT, port), 0)
    held = library.syscall(_RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return found if held else 0


def _allow(library: ctypes.CDLL, rules: int, path: str, access: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        access &= _OF_FILES
    library.syscall(_ADD_RULE, rules, _BENEATH, struct.pack("<Qi", access, opened), 0)
    os.close(opened)
