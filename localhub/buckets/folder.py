"""A bucket's plain files, in a folder that a Job may write to as it likes.

No symbolic link is ever followed, so nothing outside can be read or written through one: every folder on the way
to a file is opened by itself. What is not a regular file, or has a name that is not UTF-8, is not there.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

DEEPEST = 64
"""Folders within each other; what lies deeper is not seen."""

LONGEST = 1024
"""Bytes of a path."""

INTO = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Improper(ValueError):
    """A path that cannot be, or is not, that of a file here; the message says why."""


class Entry(NamedTuple):
    """A file as it was when it was looked at."""

    path: str
    inode: int
    size: int
    mtime: int
    """Nanoseconds since 1970, as all times here."""

    ctime: int
    """When it came here, or was last written to."""

    def same(self, other: "Entry") -> bool:
        """Whether the content must be the same. The ctime also changes when a file gets another name."""
        return self[1:4] == other[1:4]


def entry(path: str, status: os.stat_result) -> Entry:
    return Entry(path, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def parts(path: str) -> list[str]:
    """The folders and the name that a path is made of."""
    found = path.split("/")
    if "\0" in path or any(part in ("", ".", "..") for part in found):
        raise Improper(f"{path!r} is not a path in a bucket: it must lead from folder to folder to a file")
    if not encodable(path) or len(path.encode()) > LONGEST or max(len(part.encode()) for part in found) > 255:
        raise Improper(f"{path[:60]!r}... cannot be a path: it is too long, or is not Unicode")
    if len(found) > DEEPEST:
        raise Improper(f"{path!r} lies deeper than {DEEPEST} folders")
    return found


def check_new(path: str) -> list[str]:
    """The same for a file that is to be made, whose name should be one on every system."""
    if not path.isprintable() or "\\" in path:
        raise Improper(f"{path!r} cannot be the path of a new file: it has a backslash, or what cannot be printed")
    return parts(path)


def encodable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


class Folder:
    def __init__(self, root: Path) -> None:
        self.root = root

    def files(self) -> Iterator[Entry]:
        """Every file, in no order. What comes or goes meanwhile may be seen or not."""
        with suppress(OSError):
            start = os.open(self.root, INTO)
            yield from walk(start, "", DEEPEST)

    @contextmanager
    def inside(self, folders: list[str], make: bool = False) -> Iterator[int]:
        """The open folder at the end of this way."""
        here = os.open(self.root, INTO)
        try:
            for name in folders:
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(name, dir_fd=here)
                below = os.open(name, INTO, dir_fd=here)
                os.close(here)
                here = below
            yield here
        finally:
            os.close(here)

    def look(self, path: str) -> Entry | None:
        """The file, if there is one."""
        *folders, name = parts(path)
        try:
            with self.inside(folders) as here:
                status = os.stat(name, dir_fd=here, follow_symlinks=False)
        except OSError:
            return None
        return entry(path, status) if stat.S_ISREG(status.st_mode) else None

    def open(self, path: str) -> int | None:
        """A descriptor to read the file from, if there is one and it can be read."""
        *folders, name = parts(path)
        try:
            with self.inside(folders) as here:
                # Without O_NONBLOCK the opening of a pipe would wait for its writer.
                file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=here)
        except OSError:
            return None
        if stat.S_ISREG(os.fstat(file).st_mode):
            return file
        os.close(file)
        return None

    def put(self, path: str, draft: Path) -> Entry:
        """Move a complete file to its path in one step, over the one that is there."""
        *folders, name = check_new(path)
        try:
            with self.inside(folders, make=True) as here:
                if is_folder(name, here):
                    remove_empty(name, here)
                os.replace(draft, name, dst_dir_fd=here)
                return entry(path, os.stat(name, dir_fd=here, follow_symlinks=False))
        except (NotADirectoryError, FileExistsError) as error:
            raise Improper(f"{path!r} cannot be written: a part of its way is a file or a link") from error
        except OSError as error:
            raise Improper(f"{path!r} cannot be written: {os.strerror(error.errno or 0)}") from error

    def remove(self, path: str) -> None:
        *folders, name = parts(path)
        try:
            with self.inside(folders) as here:
                if not stat.S_ISREG(os.stat(name, dir_fd=here, follow_symlinks=False).st_mode):
                    raise Improper(f"{path!r} is not a file")
                os.unlink(name, dir_fd=here)
        except OSError as error:
            raise Improper(f"{path!r} is not there") from error


def walk(folder: int, above: str, deeper: int) -> Iterator[Entry]:
    """The files below an open folder, which is closed at the end."""
    try:
        with os.scandir(folder) as found:
            for item in found:
                if not encodable(item.name):
                    continue
                path = above + item.name
                with suppress(OSError):
                    if item.is_dir(follow_symlinks=False):
                        if deeper > 1:
                            yield from walk(os.open(item.name, INTO, dir_fd=folder), f"{path}/", deeper - 1)
                    elif item.is_file(follow_symlinks=False) and len(path.encode()) <= LONGEST:
                        yield entry(path, item.stat(follow_symlinks=False))
    finally:
        os.close(folder)


def is_folder(name: str, parent: int) -> bool:
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def remove_empty(name: str, parent: int) -> None:
    """Remove a folder that holds at most folders: in a bucket there are none without a file."""
    below = os.open(name, INTO, dir_fd=parent)
    try:
        for child in os.listdir(below):
            if not is_folder(child, below):
                raise Improper(f"a file cannot be written over {name!r}, which is a folder of files")
            remove_empty(child, below)
    finally:
        os.close(below)
    os.rmdir(name, dir_fd=parent)
