"""The bytes of every file of every commit, each kept once under its Git blob id and never removed."""

import hashlib
from pathlib import Path

from localhub import durable
from localhub.frozen import Frozen


class Blob(Frozen):
    oid: str
    size: int


def git_oid(data: bytes) -> str:
    """What `git hash-object` says; huggingface_hub compares it with its own before it uploads."""
    header = f"blob {len(data)}\0".encode()
    return hashlib.sha1(header + data, usedforsecurity=False).hexdigest()


class Blobs:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, blob: Blob) -> Path:
        return self.folder / blob.oid[:2] / blob.oid

    def keep(self, data: bytes) -> Blob:
        blob = Blob(oid=git_oid(data), size=len(data))
        if not self.path(blob).exists():
            durable.write(self.path(blob), data)
        return blob

    def read(self, blob: Blob) -> bytes:
        return self.path(blob).read_bytes()
