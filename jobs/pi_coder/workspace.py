"""The files that Pi has made, read with suspicion: whoever made them knew that they would be read.

Only plain files with plain names are taken, never a link, and only so many. Pi and all that came of it has ended by
then, so what is looked at does not change.
"""

import errno
import hashlib
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

MOST_FILES = 200
LARGEST = 5_000_000
MOST_BYTES = 20_000_000
MOST_LOOKED_AT = 5_000
DEEPEST = 8

_NAME = re.compile(r"[\w][\w .,+=@()\[\]-]{0,119}")
_PASSED_OVER = {"__pycache__", "node_modules"}


def begin(given: Path, workspace: Path) -> dict[str, str]:
    """Lay out the files that Pi starts with; their sha256 by path."""
    if given.is_dir():
        for path, data in plain_files(given):
            target = workspace / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    return digests(workspace)


def digests(workspace: Path) -> dict[str, str]:
    return {path: hashlib.sha256(data).hexdigest() for path, data in plain_files(workspace)}


def plain_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of what may be taken, in order, until one of the caps is reached."""
    taken = size = 0
    for number, (path, parent, name) in enumerate(entries(folder)):
        if taken == MOST_FILES or number == MOST_LOOKED_AT:
            return
        data = read_plain(name, parent, LARGEST)
        if data is not None and size + len(data) <= MOST_BYTES:
            taken, size = taken + 1, size + len(data)
            yield path, data


def entries(folder: Path) -> Iterator[tuple[str, int, str]]:
    """Relative path, descriptor of the folder and name of everything that is no folder and has a plain name."""
    for place, folders, files, descriptor in os.fwalk(folder, follow_symlinks=False):
        relative = os.path.relpath(place, folder)
        parts = [] if relative == "." else relative.split(os.sep)
        plain = sorted(name for name in folders if _NAME.fullmatch(name) and name not in _PASSED_OVER)
        folders[:] = plain if len(parts) < DEEPEST else []
        for name in sorted(files):
            if _NAME.fullmatch(name):
                yield "/".join((*parts, name)), descriptor, name


def read_plain(name: str, parent: int | None, most: int) -> bytes | None:
    """The bytes of a regular file of one name; None for a link, a pipe, a device, or more than `most` bytes."""
    try:
        opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOENT, errno.ENXIO, errno.EACCES, errno.ENODEV):
            return None
        raise
    with os.fdopen(opened, "rb") as file:
        about = os.fstat(opened)
        if not stat.S_ISREG(about.st_mode) or about.st_nlink != 1 or about.st_size > most:
            return None
        return file.read(most)


def hand_back(workspace: Path, target: Path, before: dict[str, str], clean: Callable[[bytes], bytes]) -> list[str]:
    """Write what may be taken below `target`; the paths that are new or have changed."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    changed = []
    for path, data in plain_files(workspace):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(clean(data))
        if before.get(path) != hashlib.sha256(data).hexdigest():
            changed.append(path)
    return changed


def overflowing(folder: Path, most_files: int = 20_000, most_bytes: int = 1_000_000_000) -> str | None:
    """Why what stands in a folder is too much, if it is. Looked at while Pi works, so a wrong count does no harm."""
    files = size = 0
    for place, _, names in os.walk(folder, onerror=None):
        files += len(names) + 1
        for name in names:
            try:
                size += os.lstat(os.path.join(place, name)).st_blocks * 512
            except OSError:
                continue
            if size > most_bytes:
                return f"Pi has written more than {most_bytes} bytes"
        if files > most_files:
            return f"Pi has written more than {most_files} files"
    return None
