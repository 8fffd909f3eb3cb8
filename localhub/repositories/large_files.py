"""Large file storage of one repository: which objects its clients have put there.

The bytes are kept once for all repositories, but an object can be used only where it was uploaded: who knows the hash
of another's file does not get the file.
"""

import json
import re
from pathlib import Path
from typing import Any

from localhub import durable, refusal
from localhub.repositories.blobs import Blob, large
from localhub.repositories.commit import now

SHA256 = re.compile(r"[0-9a-f]{64}")


class LargeFiles:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, repository: Path) -> "LargeFiles":
        """By the repository's folder."""
        return cls(repository / "lfs")

    def note(self, sha256: str, size: int) -> None:
        durable.write_json(self.folder / f"{checked(sha256)}.json", {"size": size, "pushed": now()})

    def find(self, sha256: str) -> Blob | None:
        try:
            return large(sha256, json.loads((self.folder / f"{checked(sha256)}.json").read_bytes())["size"])
        except FileNotFoundError:
            return None

    def blob(self, sha256: str) -> Blob:
        found = self.find(sha256)
        if found is None:
            raise refusal.bad_request(f"the object {sha256} was not uploaded to this repository")
        return found

    def all(self) -> dict[str, dict[str, Any]]:
        """Size and time of every object, by hash."""
        return {path.stem: json.loads(path.read_bytes()) for path in sorted(self.folder.glob("*.json"))}

    def remove(self, sha256: str) -> None:
        (self.folder / f"{checked(sha256)}.json").unlink(missing_ok=True)


def checked(sha256: object) -> str:
    if not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
        raise refusal.bad_request(f"{str(sha256)[:80]!r} is not a sha256 in hex")
    return sha256
