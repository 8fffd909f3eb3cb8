"""Reads what archives say about themselves. Nothing is extracted; inflated bytes are counted."""

import re
import stat
import tarfile
import zipfile
import zlib
from io import BytesIO

from tools.checks.caps import CAPS
from tools.checks.containers.passengers import SLACK
from tools.checks.finding import Finding, Unsound, Word
from tools.checks.sniff import sniff

_CODE = re.compile(r"\.(pkl|pickle|pt|pth|bin|ckpt|exe|dll|so|dylib)$", re.I)
_NESTED = re.compile(r"\.(zip|7z|rar|gz|xz|bz2|tar|tgz)$", re.I)
_PIECE = 1 << 20
_SMALL = 1024
"""Bytes: the ratio of a smaller file says nothing."""


def measure_archive(data: bytes, format: str) -> Finding:
    """Raises Unsound for names that lead elsewhere, encryption, bombs, code, archives in archives."""
    match format:
        case "zip":
            return _zip(data)
        case "tar":
            return _tar(data)
        case "gzip":
            return _gzip(data)
        case _:
            raise Unsound("unread", f"nothing here can look into {format}; a ZIP would help")


def inflate(data: bytes) -> bytes:
    """What a gzip holds. Raises Unsound for bombs and cut streams, and for what stands behind its end."""
    pieces: list[bytes] = []
    size, left = 0, data
    while left:
        reader = zlib.decompressobj(31)
        try:
            while not reader.eof and (piece := reader.decompress(left, _PIECE)):
                pieces.append(piece)
                size, left = size + len(piece), reader.unconsumed_tail
                if size > CAPS.archive_bytes or size > CAPS.archive_ratio * max(len(data), _SMALL):
                    raise Unsound("bomb", f"{len(data)} bytes inflate to more than {size}")
        except zlib.error as error:
            raise Unsound("corrupt", str(error)) from error
        if not reader.eof:
            raise Unsound("truncated", "the gzip stream has no end")
        left = reader.unused_data.lstrip(b"\0")  # a gzip may go on in a second part, and be padded
    return b"".join(pieces)


def _gzip(data: bytes) -> Finding:
    held = inflate(data)
    if (inner := sniff(held)).family in ("pickle", "executable"):
        raise Unsound("code_exec", f"a {inner.format} file is in it: it would run code when it is loaded")
    if inner.family == "archive" and inner.format != "tar":
        raise Unsound("limits", f"a {inner.format} is in it: an archive in an archive")
    finding = _tar(held) if inner.format == "tar" else Finding({"files": 1, "inflated": len(held)})
    finding.facts["inner"] = inner.format
    return finding


def _tar(data: bytes) -> Finding:
    """Names and kinds of the members; nothing is taken out."""
    try:
        with tarfile.open(fileobj=BytesIO(data), mode="r:") as archive:
            entries = []
            for entry in archive:
                entries.append(entry)
                if len(entries) > CAPS.archive_entries:
                    raise Unsound("bomb", f"more than {CAPS.archive_entries} entries")
    except (tarfile.TarError, EOFError, ValueError, OSError) as error:
        word: Word = "truncated" if "end of data" in str(error) else "corrupt"
        raise Unsound(word, str(error) or "the tar ends early") from error
    for entry in entries:
        _refuse_name(entry.name)
        if not (entry.isfile() or entry.isdir()):
            raise Unsound("traversal", f"{entry.name[:80]!r} is neither a file nor a folder")
        if entry.offset_data + entry.size > len(data):
            raise Unsound("truncated", f"{entry.name[:80]!r} is cut")
    return Finding({"files": sum(entry.isfile() for entry in entries), "inflated": sum(e.size for e in entries)})


def _zip(data: bytes) -> Finding:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > CAPS.archive_entries:
                raise Unsound("bomb", f"{len(entries)} entries, at most {CAPS.archive_entries}")
            for entry in entries:
                _refuse_entry(entry)
            _refuse_rest(archive, data)
            total = sum(_counted(archive, entry, len(data)) for entry in entries if not entry.is_dir())
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Unsound("corrupt", str(error) or "the ZIP ends early") from error
    return Finding({"files": sum(not entry.is_dir() for entry in entries), "inflated": total})


def _refuse_rest(archive: zipfile.ZipFile, data: bytes) -> None:
    """A ZIP is read from its end: what stands before its first entry or behind its comment is another file."""
    end = data.rfind(b"PK\x05\x06") + 22 + len(archive.comment)
    if len(data[end:].strip(b"\0 \r\n")) > SLACK:
        raise Unsound("polyglot", f"{len(data) - end} bytes stand behind the end of the ZIP")
    if b"%PDF-" in data[:_SMALL]:
        raise Unsound("polyglot", "there is a PDF inside the ZIP")


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    # zipfile cleans `filename`; what another program would extract is in `orig_filename`.
    name = entry.orig_filename
    _refuse_name(name)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unsound("traversal", f"{name[:80]!r} is a link")
    if entry.flag_bits & 1:
        raise Unsound("encrypted", f"{name[:80]!r} is encrypted")


def _refuse_name(name: str) -> None:
    if name.startswith("/") or ".." in name.split("/") or "\\" in name or "\0" in name or re.match(r"[A-Za-z]:", name):
        raise Unsound("traversal", f"an entry is called {name[:80]!r}")
    if _CODE.search(name):
        raise Unsound("code_exec", f"{name[:80]!r} may run code when it is loaded")
    if _NESTED.search(name):
        raise Unsound("limits", f"{name[:80]!r} is an archive in an archive")


def _counted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, whole: int) -> int:
    """Bytes that really come out of the entry."""
    size = 0
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            if not size:
                _refuse_content(piece, entry.orig_filename)
            size += len(piece)
            if size > CAPS.archive_bytes or size > CAPS.archive_ratio * max(whole, _SMALL):
                raise Unsound("bomb", f"{whole} bytes inflate to more than {size}")
    if size != entry.file_size:
        raise Unsound("truncated", f"an entry has {size} bytes and promises {entry.file_size}")
    return size


def _refuse_content(head: bytes, name: str) -> None:
    """What an entry is called may be anything; what it begins like decides."""
    inside = sniff(head)
    if inside.family in ("pickle", "executable"):
        raise Unsound("code_exec", f"{name[:80]!r} is a {inside.format} file")
    if inside.family == "archive":
        raise Unsound("limits", f"{name[:80]!r} is an archive in an archive")
