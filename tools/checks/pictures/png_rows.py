"""Proves that a plain PNG is whole without making a picture of it, and makes one of its first rows only.

All that a decoder can stumble over is looked at: every byte is inflated, and every row says how it is to be read. What
takes most of the time, working out each pixel from its neighbours, is left out. Says nothing about what is not plain.
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import numpy as np
from isal import igzip_lib, isal_zlib
from PIL import Image

from tools.checks.finding import Unsound

_CHANNELS = {0: 1, 2: 3}
"""Of grey and of coloured pixels; palettes and transparency are not plain."""

_TELLING = frozenset({b"tRNS", b"acTL"})
"""Parts that give the pixels another meaning."""

_PIECE = 1 << 16
"""Packed bytes that are inflated together."""

_ROOM = 1 << 20
"""Bytes that may come of them at a time."""


class Layout(NamedTuple):
    width: int
    height: int
    channels: int
    packed: bytes
    """The pixels, deflated."""

    @property
    def row(self) -> int:
        """Bytes, with the one that says how the row is to be read."""
        return 1 + self.width * self.channels


def first_rows(data: bytes, pixels: int) -> Image.Image | None:
    """So many rows as make up about `pixels`; None when the PNG is not plain or may not be whole.

    Raises Unsound when its pixels end before its last row: decoders leave the rest black and say nothing.
    """
    layout = _plain(data)
    if layout is None:
        return None
    rows = max(1, min(layout.height, pixels // layout.width))
    used = _inflated(layout, rows)
    if used is None:
        return None
    head = struct.pack(">IIBBBBB", layout.width, rows, 8, 0 if layout.channels == 1 else 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", layout.packed[:used]), (b"IEND", b""))
    short = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)
    picture = Image.open(BytesIO(short), formats=["PNG"])
    picture.load()
    return picture


def _plain(data: bytes) -> Layout | None:
    """8 bits a channel, not interlaced, with nothing behind the pixels. None for everything else."""
    chunks = list(_chunks(data))
    names = [name for name, _ in chunks]
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or len(chunks[0][1]) != 13 or not _TELLING.isdisjoint(names):
        return None
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    first = next((place for place, name in enumerate(names) if name == b"IDAT"), len(names))
    if bits != 8 or colour not in _CHANNELS or interlaced or set(names[first:-1]) != {b"IDAT"} or not width * height:
        return None
    return Layout(width, height, _CHANNELS[colour], b"".join(body for _, body in chunks[first:-1]))


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Name and body; their checksums are somebody else's."""
    position, view = 8, memoryview(data)
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        yield data[position + 4 : position + 8], view[position + 8 : position + 8 + length]
        position += 12 + length


def _inflated(layout: Layout, rows: int) -> int | None:
    """How many packed bytes the first `rows` take; None unless all rows are there and each can be read."""
    inflater, made, used = isal_zlib.decompressobj(), 0, 0  # twice as fast as zlib
    wanted = layout.row * layout.height
    try:
        for start in range(0, len(layout.packed), _PIECE):
            piece = layout.packed[start : start + _PIECE]
            while piece and made <= wanted:
                rest = inflater.decompress(piece, _ROOM)
                if not _readable(rest, made, layout.row):
                    return None
                made, piece = made + len(rest), inflater.unconsumed_tail
            if not used and made >= layout.row * rows:
                used = start + _PIECE
    except igzip_lib.IsalError:  # type: ignore[misc] # its stub calls it an instance (isal 1.9.1)
        return None
    if inflater.eof and made < wanted:
        raise Unsound("truncated", f"its pixels end in row {made // layout.row + 1} of {layout.height}")
    return used if made == wanted and inflater.eof else None


def _readable(block: bytes, made: int, row: int) -> bool:
    """Whether every row that begins in the block begins with one of the five filters."""
    filters = np.frombuffer(block, np.uint8)[-made % row :: row]
    return not filters.size or int(filters.max()) <= 4


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
