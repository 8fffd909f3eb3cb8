"""Reads the boxes of MP4 and its relatives: a cut, encrypted or pointing file shows before anything is decoded."""

import struct
from collections.abc import Iterator

from tools.checks.finding import Unsound, Word

_INNER = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex", b"dinf")
_PRINTABLE = frozenset(range(0x20, 0x7F)) | {0xA9}
"""Letters that the name of a box is made of; Apple begins some with a copyright sign."""


def refuse_boxes(data: bytes) -> None:
    """Raises Unsound for what is wrong with the boxes of an MP4, M4A or MOV."""
    handlers, kinds = set(), set()
    for kind, start, end in _boxes(data, 0, len(data), 0):
        kinds.add(kind)
        if kind == b"hdlr":
            handlers.add(data[start + 8 : start + 12])
        if kind in (b"mvhd", b"mdhd"):
            _refuse_clock(data[start:end])
        if kind == b"stsd" and data[start + 12 : start + 16] in (b"encv", b"enca"):
            raise Unsound("encrypted", "its tracks are encrypted")
        if kind == b"dref":
            _refuse_elsewhere(data[start:end])
    if not kinds & {b"mdat", b"moof"}:
        raise Unsound("truncated", "an MP4 without its samples")
    if b"moov" not in kinds:
        raise Unsound("truncated", "an MP4 without its table of contents")
    if b"mvhd" not in kinds or not handlers & {b"vide", b"soun"}:
        raise Unsound("corrupt", "an MP4 without a clock or without a track")


def _boxes(data: bytes, start: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, begin and end of the content of every box. Raises Unsound when one ends behind its parent."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1 and start + 16 <= end:
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        size = end - start if size == 0 else size
        if depth and size < head and not any(data[start:end]):
            return  # a list of boxes may end in zeros
        if size < head or start + size > end:
            word: Word = "truncated" if depth == 0 else "corrupt"
            raise Unsound(word, f"box {kind!r} of {size} bytes where {end - start} are left")
        if not set(kind) <= _PRINTABLE:
            raise Unsound("corrupt", f"a box is called {kind!r}")
        yield kind, start + head, start + size
        if kind in _INNER and depth < 8:
            yield from _boxes(data, start + head, start + size, depth + 1)
        start += size


def _refuse_clock(box: bytes) -> None:
    place = 20 if box[:1] == b"\1" else 12
    if len(box) < place + 4:
        raise Unsound("corrupt", "a clock is cut")
    if struct.unpack_from(">I", box, place)[0] == 0:
        raise Unsound("corrupt", "its clock ticks 0 times a second")


def _refuse_elsewhere(box: bytes) -> None:
    """Samples in another file, which a player would open."""
    place = 8
    while place + 12 <= len(box):
        size, kind, flags = struct.unpack_from(">I4sI", box, place)
        if kind in (b"url ", b"urn ", b"alis") and not flags & 1 and size > 12:
            raise Unsound("external_ref", "its samples are in another file")
        place += max(size, 12)
