"""A seccomp filter: TCP and nothing else of the network, and no way into other processes or the kernel.

Landlock rules over TCP only when it is asked for by `connect`. So UDP (names, too), raw sockets, multipath TCP, fast
open and io_uring, all of which pass it by, are refused here.
"""

import ctypes
import platform
import struct
from typing import NamedTuple

_NO_NEW_PRIVILEGES, _SECCOMP = 38, 22
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x00050001, 0x00050026
_FAST_OPEN = 0x20000000
_RINGS = (425, 426, 427)
"""io_uring; answered with "no such call", as by an old kernel, so that programs do without."""

Line = tuple[int, int, int, int]


class Calls(NamedTuple):
    """The numbers of one kind of processor."""

    architecture: int
    socket: int
    sendto: int
    sendmsg: int
    sendmmsg: int
    denied: tuple[int, ...]
    """ptrace, process_vm_readv and writev, pidfd_getfd, bpf, perf_event_open, keyctl, add_key, request_key,
    userfaultfd, mount, umount2, unshare, setns, kexec_load, init_module, finit_module, syslog"""


PROCESSORS = {
    "x86_64": Calls(
        *(0xC000003E, 41, 44, 46, 307),
        (101, 310, 311, 438, 321, 298, 250, 248, 249, 323, 165, 166, 272, 308, 246, 175, 313, 103),
    ),
    "aarch64": Calls(
        *(0xC00000B7, 198, 206, 211, 269),
        (117, 270, 271, 438, 280, 241, 219, 217, 218, 282, 40, 39, 97, 268, 104, 105, 273, 116),
    ),
}


def restrict() -> bool:
    """For good; False where the kernel or the processor has no such filter."""
    calls = PROCESSORS.get(platform.machine())
    if calls is None:
        return False
    code = b"".join(struct.pack("<HBBI", *line) for line in lines(calls))
    text = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(text))
    library = ctypes.CDLL(None, use_errno=True)
    return bool(library.prctl(_SECCOMP, 2, ctypes.create_string_buffer(program, len(program)), 0, 0) == 0)


def lines(calls: Calls) -> list[Line]:
    """Berkeley Packet Filter code; every block leaves the number of the call loaded, or answers."""
    code: list[Line] = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, calls.architecture), (_ANSWER, 0, 0, _REFUSE)]
    code += [(_LOAD, 0, 0, 0)]
    if calls is PROCESSORS["x86_64"]:
        code += [(_AT_LEAST, 0, 1, 0x40000000), (_ANSWER, 0, 0, _REFUSE)]  # the calls of x32
    for number in calls.denied:
        code += _when(number, [(_ANSWER, 0, 0, _REFUSE)])
    for number in _RINGS:
        code += _when(number, [(_ANSWER, 0, 0, _UNKNOWN)])
    code += _when(calls.socket, _only_tcp())
    for number, argument in ((calls.sendto, 3), (calls.sendmsg, 2), (calls.sendmmsg, 3)):
        code += _when(number, [_argument(argument), (_ANY_BIT, 0, 1, _FAST_OPEN), (_ANSWER, 0, 0, _REFUSE), _allowed()])
    return [*code, _allowed()]


def _when(number: int, block: list[Line]) -> list[Line]:
    return [(_EQUAL, 0, len(block), number), *block]


def _only_tcp() -> list[Line]:
    """socket(AF_INET or AF_INET6, SOCK_STREAM with any flags, 0 or TCP)."""
    return [
        *(_argument(0), (_EQUAL, 2, 0, 2), (_EQUAL, 1, 0, 10), (_ANSWER, 0, 0, _REFUSE)),
        *(_argument(1), (_AND, 0, 0, 0xF), (_EQUAL, 1, 0, 1), (_ANSWER, 0, 0, _REFUSE)),
        *(_argument(2), (_EQUAL, 2, 0, 0), (_EQUAL, 1, 0, 6), (_ANSWER, 0, 0, _REFUSE)),
        _allowed(),
    ]


def _argument(place: int) -> Line:
    """The lower half: the kernel reads these arguments as 32 bits too."""
    return (_LOAD, 0, 0, 16 + 8 * place)


def _allowed() -> Line:
    return (_ANSWER, 0, 0, _ALLOW)
