"""The bytes of every file of every commit, each kept once by its hash and never removed.

A new file waits as a draft until its whole commit is read. Then all drafts are brought to the disk together, and only
after that they get their names: whatever has a name is complete, also after the power failed.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from localhub.frozen import Frozen

WRITERS = 16
"""Files brought to the disk side by side: a journalling file system takes them in one go."""

CHUNK = 1 << 20


class Blob(Frozen):
    oid: str
    """The Git blob id: of the bytes, or of the pointer file when the bytes are in large file storage."""

    size: int
    """Of the bytes themselves."""

    sha256: str | None = None
    """Set for what a client has put into large file storage."""


def git_oid(data: bytes) -> str:
    """What `git hash-object` says; huggingface_hub compares it with its own before it uploads."""
    return git_hash("blob", data)


def git_hash(kind: str, data: bytes) -> str:
    header = f"{kind} {len(data)}\0".encode()
    return hashlib.sha1(header + data, usedforsecurity=False).hexdigest()


def pointer(sha256: str, size: int) -> bytes:
    """The file that Git holds in the place of one in large file storage."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()


def large(sha256: str, size: int) -> Blob:
    return Blob(oid=git_oid(pointer(sha256, size)), size=size, sha256=sha256)


def described(blob: Blob, name: str) -> dict[str, Any]:
    """As the API tells it. The hash of a large file is called `oid` in trees and `sha256` in the list of siblings."""
    told: dict[str, Any] = {"size": blob.size, ("oid" if name == "oid" else "blobId"): blob.oid}
    if blob.sha256:
        told["lfs"] = {name: blob.sha256, "size": blob.size, "pointerSize": len(pointer(blob.sha256, blob.size))}
    return told


class Blobs:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drafts = folder / ".drafts"
        for left in self.drafts.glob("*"):
            left.unlink()  # of commits that an earlier end of this Hub has cut short

    def path(self, blob: Blob) -> Path:
        return Path(self.place(blob))

    def place(self, blob: Blob) -> str:
        """The same as a string: for thousands of files the paths would take longer than their writing."""
        if blob.sha256:
            return f"{self.folder}/lfs/{blob.sha256[:2]}/{blob.sha256}"
        return f"{self.folder}/{blob.oid[:2]}/{blob.oid}"

    def keep(self, data: bytes) -> Blob:
        with Drafts(self) as drafts:
            return drafts.keep(data)

    def read(self, blob: Blob) -> bytes:
        return self.path(blob).read_bytes()


class Drafts:
    """The new files of one commit. They are kept when the block ends well, and forgotten otherwise."""

    def __init__(self, blobs: Blobs) -> None:
        self.blobs = blobs
        self.begun: list[str] = []
        self.waiting: dict[str, str] = {}
        """The drafts to be kept, by the place each will have."""

    def __enter__(self) -> "Drafts":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            if kind is None:
                self.settle()
        finally:
            self.forget()

    def open(self) -> BinaryIO:
        """A new draft, to be written and then given to `adopt`."""
        return open(self.begin(), "x+b")

    def begin(self) -> str:
        if not self.begun:
            self.blobs.drafts.mkdir(parents=True, exist_ok=True)
        self.begun.append(f"{self.blobs.drafts}/{secrets.token_hex(16)}")
        return self.begun[-1]

    def keep(self, data: bytes) -> Blob:
        blob = Blob(oid=git_oid(data), size=len(data))
        if not self.has(blob):
            draft = self.begin()
            with open(draft, "xb", buffering=0) as file:
                file.write(data)
            self.waiting[self.blobs.place(blob)] = draft
        return blob

    def adopt(self, file: BinaryIO) -> Blob:
        """The blob of a draft that was written piece by piece; its size is known only now, and comes first in Git."""
        size = file.tell()
        digest = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
        file.seek(0)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
        return self.take(file, Blob(oid=digest.hexdigest(), size=size))

    def take(self, file: BinaryIO, blob: Blob) -> Blob:
        file.close()
        if not self.has(blob):
            self.waiting[self.blobs.place(blob)] = file.name
        return blob

    def has(self, blob: Blob) -> bool:
        place = self.blobs.place(blob)
        return place in self.waiting or os.path.exists(place)

    def forget(self) -> None:
        for draft in self.begun:
            with suppress(FileNotFoundError):  # those that have their place by now
                os.unlink(draft)

    def settle(self) -> None:
        """Bring all of them to the disk, and then give each its place."""
        folders = {os.path.dirname(place) for place in self.waiting}
        for folder in folders:
            os.makedirs(folder, exist_ok=True)
        side_by_side(self.waiting.values())
        for place, draft in self.waiting.items():
            os.replace(draft, place)
        self.waiting.clear()
        side_by_side(folders | {os.path.dirname(folder) for folder in folders})


def side_by_side(paths: Iterable[str]) -> None:
    """Return when all of them, files or folders, are on the disk."""
    paths = list(paths)
    if len(paths) < 4:
        settle_all(paths)
        return
    writers = min(WRITERS, len(paths))
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(settle_all, [paths[first::writers] for first in range(writers)]))


def settle_all(paths: Iterable[str]) -> None:
    for path in paths:
        settle(path)


def settle(path: str) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
