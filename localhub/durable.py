"""Files that are either the old one or the new one, whatever happens while they are written."""

import json
import os
import secrets
from pathlib import Path
from typing import Any


def write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace `path` by `data` in one step; it is on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def write_json(path: Path, value: Any, mode: int = 0o644) -> None:
    write(path, json.dumps(value, indent=1, ensure_ascii=False).encode(), mode)
