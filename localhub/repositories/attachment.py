"""The folder of what people have attached to discussions, and what may be there."""

import re
import secrets
from pathlib import Path

from localhub import durable

TYPES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
}
MEDIA_TYPES = {end: type for type, end in TYPES.items()}

NAME = re.compile(rf"[0-9a-f]{{32}}\.({'|'.join(MEDIA_TYPES)})")


class Attachments:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, data: bytes, end: str) -> str:
        """The name it is asked for by, which nobody can guess."""
        name = f"{secrets.token_hex(16)}.{end}"
        durable.write(self.folder / name, data)
        return name

    def find(self, name: str) -> Path | None:
        path = self.folder / name
        return path if NAME.fullmatch(name) and path.exists() else None
