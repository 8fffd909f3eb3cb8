"""Walks the pages of an Ogg file: its decoder stops at the last whole page and does not say that some are missing."""

from tools.checks.finding import Unsound

_LAST = 4
"""Flag of the last page of a stream."""


def refuse_pages(data: bytes) -> None:
    """Raises Unsound when a page is cut, or when something that is no page stands before the end of the streams."""
    position = 0
    open_streams: set[bytes] = set()
    while position + 27 <= len(data) and data.startswith(b"OggS", position):
        flags, stream, segments = data[position + 5], data[position + 14 : position + 18], data[position + 26]
        table = data[position + 27 : position + 27 + segments]
        open_streams = open_streams - {stream} if flags & _LAST else open_streams | {stream}
        position += 27 + segments + sum(table)
    if position > len(data):
        raise Unsound("truncated", "its last page is cut")
    if position < len(data) and open_streams:
        raise Unsound("truncated", f"no Ogg page at byte {position}, and {len(open_streams)} streams have not ended")
