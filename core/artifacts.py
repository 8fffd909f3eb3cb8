"""Where a run keeps what its steps made: bytes by sha256 with a readable name, nothing overwritten.

A file enters through `incoming/`, where nothing reads it but the checks, and is renamed into `artifacts/` when it
is kept. Names are made here; the name a Space gave is shown to people and never used as a path.
"""

import hashlib
import json
import os
import re
import secrets
import unicodedata
from pathlib import Path

from pydantic import JsonValue

from core.nouns import Artifact, Kind, Origin
from core.redact import redact

INLINE_BYTES = 8_192
"""Values up to this size stand in the journal itself; larger ones become files."""


class ArtifactStore:
    """The `artifacts/` and `incoming/` folders of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "artifacts"
        self.quarantine = folder / "incoming"

    def incoming(self) -> Path:
        """A path for bytes that nobody has looked at yet; the file does not exist."""
        self.quarantine.mkdir(parents=True, exist_ok=True)
        return self.quarantine / secrets.token_hex(8)

    def path(self, artifact: Artifact) -> Path:
        """The file behind the artifact.

        Raises ValueError for a value that has no file.
        """
        if artifact.file is None:
            raise ValueError(f"{artifact.name} is a value, not a file")
        return self.folder / artifact.file

    def value(self, artifact: Artifact) -> JsonValue:
        """What the artifact says, for kinds that are JSON."""
        if artifact.file is None:
            return artifact.value
        text = self.path(artifact).read_text("utf-8")
        return text if artifact.kind in ("text", "html") else json.loads(text)

    def has(self, artifact: Artifact) -> bool:
        """Whether its bytes are still here and whole, by size."""
        if artifact.file is None:
            return True
        try:
            return self.path(artifact).stat().st_size == artifact.size
        except FileNotFoundError:
            return False

    def keep_file(self, path: Path, kind: Kind, name: str, suffix: str, origin: Origin) -> Artifact:
        """Take a file from `incoming/` over; it is on disk for good when this returns."""
        sha256 = digest(path)
        file = f"{slug(name)}-{sha256[:16]}{suffix}"
        size = path.stat().st_size
        self._settle(path, file)
        return Artifact(kind=kind, sha256=sha256, size=size, name=name, file=file, origin=origin)

    def keep_value(self, value: JsonValue, kind: Kind, name: str, origin: Origin) -> Artifact:
        """Keep text, a number or JSON: small ones inline, large ones as a file."""
        text = redact(value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False))
        value = text if isinstance(value, str) else json.loads(text)
        data = text.encode("utf-8", "surrogatepass" if text.isascii() else "replace")
        if len(data) > INLINE_BYTES:
            path = self.incoming()
            path.write_bytes(data)
            return self.keep_file(path, kind, name, ".txt" if isinstance(value, str) else ".json", origin)
        sha256 = hashlib.sha256(data).hexdigest()
        return Artifact(kind=kind, sha256=sha256, size=len(data), name=name, value=value, origin=origin)

    def borrow(self, artifact: Artifact, source: "ArtifactStore") -> None:
        """Have another run's bytes here too: a second name for the same file where the disk can do that."""
        if artifact.file is None or self.has(artifact):
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        original = source.path(artifact)
        try:
            os.link(original, self.path(artifact))
        except OSError:
            copy = self.incoming()
            copy.write_bytes(original.read_bytes())
            self._settle(copy, artifact.file)

    def _settle(self, path: Path, file: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
        path.rename(self.folder / file)
        directory = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def digest(path: Path) -> str:
    """sha256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def slug(name: str, longest: int = 40) -> str:
    """A harmless file name that still reminds of the thing: ASCII letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].rstrip("-") or "artifact"
