"""Reading a xorb: the chunks of files as hf_xet uploads them, one after the other, each with a header of eight bytes.

The header is: version, packed size (three bytes), how it is packed, size (three bytes). After the last chunk comes
the end or a footer, which says nothing that the headers do not. Format: https://huggingface.co/docs/xet/xorb
"""

from collections.abc import Iterator
from mmap import mmap
from typing import NamedTuple

HEADER = 8
LARGEST = 70_000_000
"""Bytes of a xorb; the protocol allows 64 MiB of chunks, and a footer."""

LARGEST_CHUNK = 1 << 20
"""Bytes of a chunk when it is unpacked; hf_xet makes none above 128 KiB."""

FOOTER = b"XETBLOB"

PLAIN, LZ4, GROUPED_LZ4 = 0, 1, 2


class Broken(ValueError):
    """What was uploaded is not what it should be; the message says why."""


class Chunk(NamedTuple):
    start: int
    """Where its packed bytes begin in the xorb."""

    packed: int
    scheme: int
    size: int


def chunks(xorb: bytes | mmap) -> list[Chunk]:
    found = list(walk(xorb))
    if not found:
        raise Broken("a xorb without a chunk")
    return found


def walk(xorb: bytes | mmap) -> Iterator[Chunk]:
    position = 0
    while position < len(xorb) and xorb[position : position + len(FOOTER)] != FOOTER:
        header = xorb[position : position + HEADER]
        if len(header) < HEADER or header[0] != 0:
            raise Broken(f"no chunk begins at byte {position} of the xorb")
        packed, scheme, size = number(header[1:4]), header[4], number(header[5:8])
        chunk = Chunk(position + HEADER, packed, scheme, size)
        if scheme > GROUPED_LZ4 or not 0 < size <= LARGEST_CHUNK or (scheme == PLAIN and packed != size):
            raise Broken(f"the chunk at byte {position} of the xorb says impossible things of itself")
        position = chunk.start + packed
        if position > len(xorb):
            raise Broken(f"the xorb ends within the chunk at byte {chunk.start - HEADER}")
        yield chunk


def number(three: bytes) -> int:
    return int.from_bytes(three, "little")


def unpack(xorb: bytes | mmap, chunk: Chunk) -> bytes:
    """The chunk as it was in the file."""
    packed = xorb[chunk.start : chunk.start + chunk.packed]
    if chunk.scheme == PLAIN:
        return packed
    # Late, because most runs of a Hub never unpack anything.
    import lz4.frame  # type: ignore[import-untyped]

    try:
        data: bytes = lz4.frame.LZ4FrameDecompressor().decompress(packed, max_length=chunk.size + 1)
    except RuntimeError as error:
        raise Broken(f"a chunk cannot be unpacked: {error}") from error
    if len(data) != chunk.size:
        raise Broken("a chunk has another size than its header says")
    return ungrouped(data) if chunk.scheme == GROUPED_LZ4 else data


def ungrouped(data: bytes) -> bytes:
    """Undo the grouping: all first bytes of every four stood together, then all second ones, and so on."""
    joined = bytearray(len(data))
    position = 0
    for group in range(4):
        length = len(range(group, len(data), 4))
        joined[group::4] = data[position : position + length]
        position += length
    return bytes(joined)
