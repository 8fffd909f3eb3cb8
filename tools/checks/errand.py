"""The whole life of a fork: read one file, lose every right, look at it, say what was seen, end."""

import base64
import gc
import json
import os
import stat
import struct
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from tools.checks.caps import CAPS
from tools.checks.confine import Confinement
from tools.checks.finding import Unsound
from tools.checks.libraries import HEAVY, Wanted
from tools.checks.measure import measure, measure_in_memory, refused
from tools.checks.question import answered
from tools.checks.thumbnails.thumbnail import thumbnail

LENGTH = struct.Struct("<I")

LARGEST_THUMBNAIL = 4 << 20

WANTED = 64
"""Exit statuses from here on: the fork came to the import of a library of `HEAVY`."""

MOST_DESCRIPTORS = 4096
"""The separate process has fewer open than this."""


def live(requests: int, answers: int, confinement: Confinement, rehearse: Callable[[], None]) -> NoReturn:
    """Waits for the one request, which is a line of JSON; ends without a word when nobody can ask any more.

    The answer begins with its length, so that nobody has to wait for the end. What is rehearsed costs less when it
    is done in earnest: the pages it writes to are this process's own by then.
    """
    status = 1
    try:
        confinement.follow()
        gc.disable()  # what is made here is gone soon
        _forget_all_but(requests, answers, *confinement.held())
        rehearse()
        if line := _line(requests):
            os.close(requests)
            answer = _answer(json.loads(line), confinement)
            write(answers, LENGTH.pack(len(answer)) + answer)
        status = 0
    except Wanted as wanted:
        status = WANTED + HEAVY.index(str(wanted))
    finally:
        os._exit(status)


def write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _forget_all_but(*kept: int) -> None:
    """Above all the pipes of other forks, one of which may not have lost its rights yet."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    begin = 3
    for descriptor in sorted(kept):
        os.closerange(begin, descriptor)
        begin = descriptor + 1
    os.closerange(begin, MOST_DESCRIPTORS)


def _line(descriptor: int) -> bytes:
    pieces = bytearray()
    while not pieces.endswith(b"\n"):
        piece = os.read(descriptor, 1 << 20)
        if not piece:
            return b""
        pieces += piece
    return bytes(pieces)


def _answer(request: dict[str, Any], confinement: Confinement) -> bytes:
    try:
        answer = _looked(request, confinement)
    except Exception as error:  # foreign bytes broke the parser; the fork's last words say how
        answer = {"failed": f"{type(error).__name__}: {error}"[:300]}
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")


def _looked(request: dict[str, Any], confinement: Confinement) -> Any:
    """The answer to one request. Read first; then everything is taken away; then parse."""
    drawing = request["task"] == "thumbnail"
    try:
        data = base64.b64decode(request["data"]) if "data" in request else _contents(request["path"])
        target = os.open(request["destination"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644) if drawing else -1
    except OSError as error:
        return {"unreadable": error.strerror or str(error)}
    except Unsound as unsound:
        return refused(unsound)
    confinement.enter(request["seconds"], LARGEST_THUMBNAIL if drawing else 0)
    sys.setrecursionlimit(4 * CAPS.json_depth)
    match request["task"]:
        case "thumbnail":
            return _drawn(data, request, target)
        case "question":
            return answered(data, request["key"], request["wanted"])
        case "value":
            return measure_in_memory(json.loads(data), request["declared"])
        case _:
            return measure(data, request["declared"])


def _drawn(data: bytes, request: dict[str, Any], target: int) -> dict[str, Any]:
    try:
        write(target, thumbnail(data, request["declared"], request["pixels"]))
    except Unsound as unsound:
        return {"drawn": False, "reason": str(unsound)}
    return {"drawn": True}


def _contents(path: str) -> bytes:
    """All of a regular file; a pipe or a device is refused without waiting for it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb", buffering=0) as stream:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise Unsound("corrupt", "not a regular file")
        if about.st_size > CAPS.file_bytes:
            raise Unsound("limits", f"{about.st_size} bytes, at most {CAPS.file_bytes}")
        return b"".join(_pieces(stream.fileno(), about.st_size))


def _pieces(descriptor: int, size: int) -> Iterable[bytes]:
    """At most `size` bytes, even of a file that grows meanwhile."""
    while size > 0 and (piece := os.read(descriptor, size)):
        size -= len(piece)
        yield piece
