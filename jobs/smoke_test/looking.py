"""What a value is that a Space has given: its Python type, and for files size, sha256 and kind by the first bytes."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

MOST_FILES = 50
MOST_BYTES = 40_000_000
"""Of all files that are kept; what is beyond is measured and not kept."""

LONGEST_PATH = 1000

BEGINNINGS = (
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"<svg", "image"),
    (b"ID3", "audio"),
    (b"\xff\xfb", "audio"),
    (b"\xff\xf3", "audio"),
    (b"fLaC", "audio"),
    (b"OggS", "audio"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"glTF", "model3d"),
    (b"ply", "model3d"),
)


class Keep(NamedTuple):
    """Where the client puts what it downloads, and where it is kept."""

    downloads: Path
    folder: Path


def looked_at(value: Any, keep: Keep) -> dict[str, Any]:
    found = [file(path, keep) for path in paths(value, keep.downloads)]
    return {"type": type(value).__name__, "files": found}


def paths(value: Any, downloads: Path) -> Iterator[Path]:
    """Every file that the client has downloaded, at any depth: a text that merely looks like a path is none."""
    match value:
        case str():
            if len(value) < LONGEST_PATH and "\0" not in value:
                path = Path(value).resolve()
                if path.is_relative_to(downloads.resolve()) and path.is_file():
                    yield path
        case dict():
            for item in value.values():
                yield from paths(item, downloads)
        case list() | tuple():
            for item in value:
                yield from paths(item, downloads)


def file(path: Path, keep: Keep) -> dict[str, Any]:
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    size = path.stat().st_size
    return {"kind": kind(path), "size": size, "sha256": sha256, "kept": kept(path, sha256, size, keep)}


def kept(path: Path, sha256: str, size: int, keep: Keep) -> bool:
    keep.folder.mkdir(exist_ok=True)
    there = list(keep.folder.iterdir())
    name = keep.folder / sha256
    if name in there:
        return True
    if len(there) >= MOST_FILES or sum(each.stat().st_size for each in there) + size > MOST_BYTES:
        return False
    shutil.copyfile(path, name)
    return True


def kind(path: Path) -> str:
    """By the first bytes; the name says nothing."""
    with path.open("rb") as stream:
        head = stream.read(16)
    if head[:4] == b"RIFF":
        return {b"WAVE": "audio", b"WEBP": "image", b"AVI ": "video"}.get(head[8:12], "file")
    if head[4:8] == b"ftyp":
        return {b"M4A ": "audio", b"avif": "image", b"heic": "image"}.get(head[8:12], "video")
    return next((kind for beginning, kind in BEGINNINGS if head.startswith(beginning)), "file")
