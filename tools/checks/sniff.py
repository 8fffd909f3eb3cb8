"""What a file is, by its content alone. The first row that matches wins; names and MIME types are not asked.

Tells what the bytes claim to be, not whether they are whole. CSV has no mark and comes out as text.
"""

import pickletools
import re
import struct
from typing import NamedTuple


class Sniffed(NamedTuple):
    family: str
    """image, model3d, audio, video, text, json, html, archive, pdf, pickle, executable, binary or empty."""

    format: str


_MAGIC: tuple[tuple[int, bytes, Sniffed], ...] = (
    (0, b"glTF", Sniffed("model3d", "glb")),
    (0, b"\x89PNG\r\n\x1a\n", Sniffed("image", "png")),
    (0, b"\xff\xd8\xff", Sniffed("image", "jpeg")),
    (0, b"GIF87a", Sniffed("image", "gif")),
    (0, b"GIF89a", Sniffed("image", "gif")),
    (0, b"FLV", Sniffed("video", "flv")),
    (0, b"fLaC", Sniffed("audio", "flac")),
    (0, b"OggS", Sniffed("audio", "ogg")),
    (0, b"ID3", Sniffed("audio", "mp3")),
    (0, b"PK\x03\x04", Sniffed("archive", "zip")),
    (0, b"PK\x05\x06", Sniffed("archive", "zip")),
    (0, b"\x1f\x8b", Sniffed("archive", "gzip")),
    (0, b"BZh", Sniffed("archive", "bzip2")),
    (0, b"\xfd7zXZ\0", Sniffed("archive", "xz")),
    (0, b"7z\xbc\xaf\x27\x1c", Sniffed("archive", "7z")),
    (0, b"Rar!\x1a\x07", Sniffed("archive", "rar")),
    (257, b"ustar", Sniffed("archive", "tar")),
    (0, b"NGSP", Sniffed("model3d", "spz")),
    (0, b"ply\n", Sniffed("model3d", "ply")),
    (0, b"ply\r", Sniffed("model3d", "ply")),
    (0, b"\x7fELF", Sniffed("executable", "elf")),
    (0, b"MZ", Sniffed("executable", "pe")),
    (0, b"\xca\xfe\xba\xbe", Sniffed("executable", "macho")),
    (0, b"\xcf\xfa\xed\xfe", Sniffed("executable", "macho")),
    (0, b"\0asm", Sniffed("executable", "wasm")),
)

_RIFF = {
    b"WEBP": Sniffed("image", "webp"),
    b"WAVE": Sniffed("audio", "wav"),
    b"AVI ": Sniffed("video", "avi"),
}

_BOXES = (b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")

_PICKLE_TEXT = re.compile(rb"\(?[ci][A-Za-z_][\w.]*\n[A-Za-z_]\w*\n")
"""Protocol 0 has no magic; a pickle that does anything begins by naming what to import."""

_HTML = re.compile(
    r"<(!--|(!doctype html|\?xml|html|head|body|script|table|iframe|div|p|span|style|img|a|ul|ol|h[1-6])\b)",
    re.I,
)
_SVG = re.compile(r"<(\w+:)?svg[\s>]|<!doctype svg", re.I)
_CONTROL = re.compile(r"[\0-\x07\x0e-\x1a\x1c-\x1f]")
"""What no text has in it; tabs, line ends and the escape of coloured terminals are allowed."""

_OBJ = re.compile(r"^(v|vn|vt|f|o|g|mtllib|usemtl|l|p)\s+\S", re.M)


def sniff(data: bytes) -> Sniffed:
    """The whole file is wanted, for its length; only its beginning is read."""
    if not data:
        return Sniffed("empty", "empty")
    for offset, mark, sniffed in _MAGIC:
        if data.startswith(mark, offset):
            return sniffed
    return _container(data) or _pickle(data) or _binary_stl(data) or _text(data) or Sniffed("binary", "binary")


def _container(data: bytes) -> Sniffed | None:
    if data.startswith(b"RIFF"):
        return _RIFF.get(data[8:12])
    if data.startswith(b"FORM") and data[8:12] in (b"AIFF", b"AIFC"):
        return Sniffed("audio", "aiff")
    if data.startswith(b"RF64") and data[8:12] == b"WAVE":
        return Sniffed("audio", "wav")
    if data.startswith(b"ftyp", 4):
        return _iso_media(data[8:12])
    if data[4:8] in _BOXES and _boxed(data):
        return Sniffed("video", "mov")
    if data.startswith(b"\x1aE\xdf\xa3"):
        return Sniffed("video", "webm" if b"webm" in data[:64] else "mkv")
    if b"%PDF-" in data[:1024]:
        return Sniffed("pdf", "pdf")
    # Weak: eleven set bits; the layer bits must not be 00, which would be a UTF-16 byte order mark.
    if len(data) > 3 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0 and data[1] & 0x06 and data[1] != 0xFE:
        # In front of MPEG audio the layer bits are never 00; in front of AAC they always are.
        return Sniffed("audio", "mp3")
    if len(data) > 6 and data[0] == 0xFF and data[1] & 0xF6 == 0xF0 and _adts(data):
        return Sniffed("audio", "aac")
    return None


def _boxed(data: bytes) -> bool:
    """QuickTime files may begin with any box: its end is the beginning of another, or of nothing."""
    size = struct.unpack_from(">I", data)[0]
    return size >= 8 and (size == len(data) or data[size + 4 : size + 8] in (*_BOXES, b"ftyp"))


def _adts(data: bytes) -> bool:
    """Two AAC frames in a row: the first says where the second begins."""
    length = (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5
    second = data[length : length + 2]
    return length > 7 and len(second) == 2 and second[0] == 0xFF and second[1] & 0xF6 == 0xF0


def _iso_media(brand: bytes) -> Sniffed:
    if brand in (b"avif", b"avis", b"mif1"):
        return Sniffed("image", "avif")
    if brand == b"qt  ":
        return Sniffed("video", "mov")
    return Sniffed("audio", "m4a") if brand in (b"M4A ", b"M4B ") else Sniffed("video", "mp4")


def _pickle(data: bytes) -> Sniffed | None:
    framed = data[0] == 0x80 and len(data) > 1 and 2 <= data[1] <= 5
    named = _PICKLE_TEXT.match(data) is not None
    return Sniffed("pickle", "pickle") if framed or (named and _runs(data)) else None


def _runs(data: bytes) -> bool:
    """Whether the bytes are opcodes up to a STOP, some of which call something. Reads them, runs nothing."""
    try:
        names = {opcode.name for opcode, _, _ in pickletools.genops(data)}
    except (ValueError, UnicodeDecodeError):
        return False
    return not names.isdisjoint({"REDUCE", "INST", "OBJ", "BUILD", "NEWOBJ"})


def _binary_stl(data: bytes) -> Sniffed | None:
    if len(data) < 84 or len(data) != 84 + 50 * struct.unpack_from("<I", data, 80)[0]:
        return None
    return Sniffed("model3d", "stl")


def _text(data: bytes) -> Sniffed | None:
    head = _decoded(data)
    if head is None:
        return None
    start = head.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return _markup(start)
    if start.startswith("solid") and ("facet" in head or "endsolid" in head):
        return Sniffed("model3d", "stl")
    if start[:1] in ("{", "["):
        return Sniffed("model3d", "gltf") if _is_gltf(data) else Sniffed("json", "json")
    if re.search(r"^v\s+[-+.\dnNiI]", head, re.M) and _mostly_obj(head):
        return Sniffed("model3d", "obj")
    return Sniffed("text", "text")


def _decoded(data: bytes) -> str | None:
    for length in (4096, 4093, 4094, 4095):  # the cut may fall into a character
        try:
            head = data[:length].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(head) else head
    return None


def _markup(start: str) -> Sniffed:
    if _SVG.match(start) or (start.startswith(("<?xml", "<!")) and _SVG.search(start)):
        return Sniffed("image", "svg")
    return Sniffed("html", "html") if _HTML.match(start) else Sniffed("text", "text")


def _is_gltf(data: bytes) -> bool:
    """A JSON object with an `asset` that has a version; the keys may stand anywhere in it."""
    return bool(re.search(rb'"asset"\s*:\s*\{[^{}]{0,2000}"version"\s*:', data[:2_000_000]))


def _mostly_obj(head: str) -> bool:
    lines = [line for line in head.splitlines() if line.strip() and not line.startswith("#")][:60]
    return sum(bool(_OBJ.match(line)) or line.startswith("s ") for line in lines) >= 0.9 * len(lines)
