"""A plain file as hf_xet wants to download it: as xorbs, made while they are read and never kept.

The file is cut into pieces of equal size that stand unpacked behind a chunk's header. hf_xet does not mind that the
same file had other chunks when it was uploaded: an answer names the chunks that it means.
"""

import hashlib
import os
from collections.abc import Iterator
from typing import NamedTuple

from localhub.xet.xorb import HEADER

PIECE = 1 << 16
IN_XORB = 256
"""Pieces of one xorb. hf_xet downloads several xorbs at once."""

SPAN = PIECE * IN_XORB


class Part(NamedTuple):
    """Some pieces of one of a file's xorbs."""

    number: int
    first: int
    end: int
    """The piece after the last one."""

    size: int
    """Bytes of the file."""

    start_byte: int
    end_byte: int
    """Where the pieces stand in the xorb; the end is the byte after the last one."""


def parts(size: int, start: int, end: int) -> Iterator[Part]:
    """The pieces that hold the bytes from `start` to before `end` of a file of this size."""
    for number in range(start // SPAN, -(-end // SPAN)):
        base = number * SPAN
        low, high = max(start, base) - base, min(end, base + SPAN) - base
        first, last = low // PIECE, -(-high // PIECE)
        length = min(base + last * PIECE, size) - (base + first * PIECE)
        start_byte = first * (HEADER + PIECE)
        yield Part(number, first, last, length, start_byte, start_byte + length + (last - first) * HEADER)


def xorb_hash(file_hash: str, number: int) -> str:
    return hashlib.sha256(f"{file_hash} {number}".encode()).hexdigest()


def xorb_size(size: int, number: int) -> int:
    """Bytes of a whole xorb of a file of this size; 0 when the file is shorter."""
    length = min(size - number * SPAN, SPAN)
    return length + -(-length // PIECE) * HEADER if length > 0 else 0


def read(file: int, size: int, number: int, start: int, end: int) -> bytes:
    """The bytes from `start` to before `end` of a xorb of the open file of this size."""
    first, last = start // (HEADER + PIECE), -(-end // (HEADER + PIECE))
    base = number * SPAN + first * PIECE
    data = os.pread(file, min((last - first) * PIECE, size - base), base)
    made = b"".join(header(piece) + piece for piece in cut(data))
    offset = first * (HEADER + PIECE)
    return made[start - offset : end - offset]


def cut(data: bytes) -> Iterator[bytes]:
    return (data[position : position + PIECE] for position in range(0, len(data), PIECE))


def header(piece: bytes) -> bytes:
    size = len(piece).to_bytes(3, "little")
    return b"\0" + size + b"\0" + size
