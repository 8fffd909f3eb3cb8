"""Reads the boxes of MP4 and its relatives, and how WebM begins: enough to see a cut file, not to decode one."""

import re
import struct
from collections.abc import Iterator

from tools.checks.finding import Finding, Unsound, Word

_INNER = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex")
_POLYGLOT = re.compile(rb"%PDF-|PK\x05\x06\0\0\0\0")


def measure_video(data: bytes, format: str) -> tuple[str, Finding]:
    """The family, audio or video, by the tracks inside, with what is certain without decoding.

    Raises Unsound for files that are cut, encrypted or something else as well.
    """
    if found := _POLYGLOT.search(data):
        raise Unsound("polyglot", f"there is {found[0][:5]!r} inside the {format}")
    family, finding = _by_format(data, format)
    finding.warn("unread", f"nobody decoded the {family}")
    return family, finding


def _by_format(data: bytes, format: str) -> tuple[str, Finding]:
    match format:
        case "mp4" | "m4a":
            return _mp4(data)
        case "webm":
            tracks = set(re.findall(rb"\x86.(V_|A_)", data[:65536], re.S))
            if not tracks:
                raise Unsound("corrupt", "a Matroska file without a track")
            return ("video" if b"V_" in tracks else "audio"), Finding({"audio": b"A_" in tracks})
        case _:
            return "video", Finding()


def _mp4(data: bytes) -> tuple[str, Finding]:
    handlers, kinds, clocks = set(), set(), set()
    for kind, start, end in _boxes(data, 0, len(data), 0):
        kinds.add(kind)
        if kind == b"hdlr":
            handlers.add(data[start + 8 : start + 12])
        if kind in (b"mvhd", b"mdhd") and end - start >= 24:
            clocks |= set(struct.unpack_from(">I", data, start + (20 if data[start] == 1 else 12)))
        if kind == b"stsd" and data[start + 12 : start + 16] in (b"encv", b"enca"):
            raise Unsound("encrypted", "its tracks are encrypted")
    if b"moov" not in kinds or not handlers & {b"vide", b"soun"}:
        raise Unsound("corrupt", "an MP4 without a track")
    if 0 in clocks:
        raise Unsound("corrupt", "its clock ticks 0 times a second")
    if not kinds & {b"mdat", b"moof"}:
        raise Unsound("truncated", "an MP4 without its samples")
    family = "video" if b"vide" in handlers else "audio"
    return family, Finding({"audio": b"soun" in handlers})


def _boxes(data: bytes, start: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, begin and end of the content of every box. Raises Unsound when one ends behind its parent."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1 and start + 16 <= end:
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        size = end - start if size == 0 else size
        if size < head or start + size > end:
            word: Word = "truncated" if depth == 0 else "corrupt"
            raise Unsound(word, f"box {kind!r} of {size} bytes where {end - start} are left")
        yield kind, start + head, start + size
        if kind in _INNER and depth < 8:
            yield from _boxes(data, start + head, start + size, depth + 1)
        start += size
