"""Looks for a second file inside a picture, a sound or a video: what opens as two things is neither."""

from tools.checks.finding import Unsound

SLACK = 16
"""Bytes behind the end of a file that are padding, not a second file."""

_ZIP_END = 65_557
"""A ZIP is read from its end, which stands in so many last bytes."""

_HEAD = 1 << 20
"""Where unpackers that look for an archive behind a program stop looking."""


def refuse_passengers(data: bytes, format: str, end: int | None = None) -> None:
    """`end` is where the file ends by its own account, None when that is not known. Raises Unsound."""
    rest = data[end:].rstrip(b"\0 \r\n") if end is not None else b""
    if len(rest) > SLACK:
        raise Unsound("polyglot", f"{len(rest)} bytes stand behind the end of the {format}")
    if name := passenger(data):
        raise Unsound("polyglot", f"there is a {name} inside the {format}")


def passenger(data: bytes) -> str | None:
    """The name of a file inside, looked for where the programs that open it would; None when there is none."""
    if archive_at_the_end(data):
        return "ZIP"
    if data.find(b"%PDF-") >= 0:
        return "PDF"
    if data.find(b"Rar!\x1a\x07", 0, _HEAD) >= 0:
        return "RAR"
    if data.find(b"7z\xbc\xaf\x27\x1c", 0, _HEAD) >= 0:
        return "7z"
    if data.startswith(b"ustar", 257):
        return "tar"
    return "disc image" if data.startswith(b"CD001", 0x8001) else None


def archive_at_the_end(data: bytes) -> bool:
    return data.find(b"PK\x05\x06", max(0, len(data) - _ZIP_END)) >= 0
