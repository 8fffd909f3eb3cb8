"""The container of a GLB, by its exact rules. Source: glTF 2.0 specification, chapter 4."""

import struct

from tools.checks.finding import Unsound

_JSON, _BIN = 0x4E4F534A, 0x004E4942


HARMLESS = 16
"""Bytes behind the end in which no second file can hide; any number of empty ones is harmless too."""


def chunks_of(data: bytes) -> tuple[bytes, memoryview | None]:
    """The JSON, and the binary chunk without copying it. Raises Unsound. A few bytes behind the end are passed over."""
    if len(data) < 20:
        raise Unsound("truncated", f"a GLB of {len(data)} bytes")
    _, version, length = struct.unpack_from("<4sII", data)
    if version != 2:
        raise Unsound("corrupt", f"GLB version {version}, not 2")
    if length > len(data):
        raise Unsound("truncated", f"it says {length} bytes and has {len(data)}")
    if len(data) > length + HARMLESS and data[length:].strip(b"\0 \n\r"):
        raise Unsound("polyglot", f"{len(data) - length} bytes behind its end")
    found: list[tuple[int, memoryview]] = []
    whole = memoryview(data)
    position = 12
    while position < length:
        if position + 8 > length:
            raise Unsound("truncated", "a chunk without its header")
        size, kind = struct.unpack_from("<II", data, position)
        if size % 4:
            raise Unsound("corrupt", f"a chunk of {size} bytes, which is no multiple of four")
        if position + 8 + size > length:
            raise Unsound("truncated", f"a chunk of {size} bytes where {length - position - 8} are left")
        found.append((kind, whole[position + 8 : position + 8 + size]))
        position += 8 + size
    return _arranged(found)


def behind(data: bytes) -> int:
    """How many bytes follow the end that a GLB gives itself."""
    return len(data) - int(struct.unpack_from("<I", data, 8)[0])


def _arranged(chunks: list[tuple[int, memoryview]]) -> tuple[bytes, memoryview | None]:
    kinds = [kind for kind, _ in chunks]
    if not kinds or kinds[0] != _JSON or kinds.count(_JSON) > 1:
        raise Unsound("corrupt", "the first chunk, and only that, must be JSON")
    if _BIN in kinds and (kinds.index(_BIN) != 1 or kinds.count(_BIN) > 1):
        raise Unsound("corrupt", "there may be one binary chunk, in the second place")
    return bytes(chunks[0][1]), chunks[1][1] if _BIN in kinds else None
