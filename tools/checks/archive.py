"""Reads what archives and PDFs say about themselves. Nothing is extracted; inflated bytes are counted."""

import re
import stat
import zipfile
import zlib
from io import BytesIO

from tools.checks.caps import CAPS
from tools.checks.finding import Finding, Unsound

_CODE = re.compile(r"\.(pkl|pickle|pt|pth|bin|ckpt|exe|dll|so|dylib)$", re.I)
_NESTED = re.compile(r"\.(zip|7z|rar|gz|xz|bz2|tar|tgz)$", re.I)
_ACTIONS = re.compile(rb"/(JS|JavaScript|Launch|SubmitForm|RichMedia|ImportData)\b")
_PIECE = 1 << 20


def measure_archive(data: bytes, format: str) -> Finding:
    """Raises Unsound for names that lead elsewhere, encryption, bombs, code, archives in archives."""
    match format:
        case "zip":
            return _zip(data)
        case "gzip":
            head, size = inflated(data)
            return Finding({"files": 1, "inflated": size, "inner": "spz" if head.startswith(b"NGSP") else ""})
        case _:
            raise Unsound("unread", f"nothing here can look into {format}")


def inflated(data: bytes) -> tuple[bytes, int]:
    """The first bytes and the length of what a gzip holds. Raises Unsound for bombs and cut streams."""
    reader = zlib.decompressobj(31)
    head, size, left = b"", 0, data
    try:
        while not reader.eof and (piece := reader.decompress(left, _PIECE)):
            head, size, left = head or piece[:64], size + len(piece), reader.unconsumed_tail
            if size > CAPS.archive_bytes:
                raise Unsound("bomb", f"{len(data)} bytes inflate to more than {CAPS.archive_bytes}")
    except zlib.error as error:
        raise Unsound("corrupt", str(error)) from error
    if not reader.eof:
        raise Unsound("truncated", "the gzip stream has no end")
    return head, size


def _zip(data: bytes) -> Finding:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > CAPS.archive_entries:
                raise Unsound("bomb", f"{len(entries)} entries, at most {CAPS.archive_entries}")
            for entry in entries:
                _refuse_entry(entry)
            total = sum(_counted(archive, entry, len(data)) for entry in entries if not entry.is_dir())
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Unsound("corrupt", str(error) or "the ZIP ends early") from error
    return Finding({"files": sum(not entry.is_dir() for entry in entries), "inflated": total})


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    # zipfile cleans `filename`; what another program would extract is in `orig_filename`.
    name = entry.orig_filename
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or "\\" in name or "\0" in name or re.match(r"[A-Za-z]:", name):
        raise Unsound("traversal", f"an entry is called {name[:80]!r}")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unsound("traversal", f"{name[:80]!r} is a link")
    if entry.flag_bits & 1:
        raise Unsound("encrypted", f"{name[:80]!r} is encrypted")
    if _CODE.search(name):
        raise Unsound("code_exec", f"{name[:80]!r} may run code when it is loaded")
    if _NESTED.search(name):
        raise Unsound("limits", f"{name[:80]!r} is an archive in an archive")


def _counted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, whole: int) -> int:
    """Bytes that really come out of the entry."""
    size = 0
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > CAPS.archive_bytes or size > CAPS.archive_ratio * max(whole, 1024):
                raise Unsound("bomb", f"{whole} bytes inflate to more than {size}")
    if size != entry.file_size:
        raise Unsound("truncated", f"an entry has {size} bytes and promises {entry.file_size}")
    return size


def measure_pdf(data: bytes) -> Finding:
    """By its plain bytes only: objects inside compressed streams are not seen, so a warning always stands."""
    if not data.rstrip(b"\0 \r\n").endswith(b"%%EOF"):
        raise Unsound("truncated", "the PDF has no end")
    if b"/Encrypt" in data:
        raise Unsound("encrypted", "the PDF is encrypted")
    if found := _ACTIONS.search(data):
        raise Unsound("active_content", f"the PDF has {found[0].decode()}")
    finding = Finding({"pages": len(re.findall(rb"/Type\s*/Page\b", data))})
    finding.warn("unread", "compressed parts of the PDF were not looked into")
    return finding
