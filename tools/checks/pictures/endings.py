"""Where a picture ends by its own account, found by walking its parts: an end mark inside of a part does not count."""

import re

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.S)
"""Behind the pixels of a JPEG: neither a stuffed byte, a restart, nor padding."""

_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers without a length."""


def end_of(data: bytes, format: str) -> int | None:
    """None when the picture does not say, or is cut before its end."""
    match format:
        case "png":
            return _png(data)
        case "jpeg":
            return _jpeg(data)
        case "gif":
            return _gif(data)
        case "webp" if len(data) >= 8:
            return int.from_bytes(data[4:8], "little") + 8
        case "avif":
            return None  # its boxes fill the file, or the parser refuses
        case _:
            return None


def _png(data: bytes) -> int | None:
    position = 8
    while position + 12 <= len(data):
        name = data[position + 4 : position + 8]
        position += 12 + int.from_bytes(data[position : position + 4], "big")
        if name == b"IEND":
            return position
    return None


def _jpeg(data: bytes) -> int | None:
    """The end of the last picture: a camera may put smaller ones behind the first."""
    end = _jpeg_end(data, 0)
    while end is not None and data.startswith(b"\xff\xd8\xff", end) and b"MPF\0" in data[:65536]:
        end = _jpeg_end(data, end)
    return end


def _jpeg_end(data: bytes, start: int) -> int | None:
    position = start + 2
    while position + 4 <= len(data) or data.startswith(b"\xff\xd9", position):
        if data[position] != 0xFF:
            found = _NEXT_MARKER.search(data, position)
            if found is None:
                return None
            position = found.start()
        marker = data[position + 1]
        if marker == 0xD9:
            return position + 2
        if marker in _ALONE or marker == 0xFF:
            position += 1 if marker == 0xFF else 2
            continue
        if position + 4 > len(data):
            return None
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == 0xDA:
            found = _NEXT_MARKER.search(data, position)
            if found is None:
                return None
            position = found.start()
    return None


def _gif(data: bytes) -> int | None:
    if len(data) < 13:
        return None
    position = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while position < len(data):
        match data[position]:
            case 0x3B:
                return position + 1
            case 0x21:
                position = _behind_blocks(data, position + 2)
            case 0x2C if position + 10 <= len(data):
                flags = data[position + 9]
                colours = 3 << (flags & 7) + 1 if flags & 0x80 else 0
                position = _behind_blocks(data, position + 11 + colours)
            case _:
                return None
    return None


def _behind_blocks(data: bytes, position: int) -> int:
    while position < len(data) and data[position]:
        position += 1 + data[position]
    return position + 1
