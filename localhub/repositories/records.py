"""Reading records from the disk, each once: as long as a file stays the same, so does what was read from it."""

import threading
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

from localhub.frozen import Frozen
from localhub.repositories.commit import Commit

MOST_FILES = 20_000
"""Entries of trees that are remembered, of all commits together: some 10 MB."""

Record = TypeVar("Record", bound=Frozen)


def read(model: type[Record], path: Path) -> Record:
    """A record that is replaced as a whole, as durable.write does."""
    status = path.stat()
    found = parsed(model, path, (status.st_ino, status.st_mtime_ns, status.st_size))
    return cast(Record, found)  # a cache cannot tell the type of what it holds


@lru_cache(maxsize=1024)
def parsed(model: type[Frozen], path: Path, stamp: tuple[int, int, int]) -> Frozen:
    return model.model_validate_json(path.read_bytes())


class Commits:
    """The commits that were asked for last. A commit never changes, and its name is its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known: OrderedDict[Path, Commit] = OrderedDict()
        self.files = 0

    def read(self, path: Path) -> Commit:
        with self.lock:
            if path in self.known:
                self.known.move_to_end(path)
                return self.known[path]
        commit = Commit.model_validate_json(path.read_bytes())
        with self.lock:
            if path not in self.known:
                self.known[path] = commit
                self.files += len(commit.files)
            while self.files > MOST_FILES and len(self.known) > 1:
                self.files -= len(self.known.popitem(last=False)[1].files)
        return commit


commit = Commits().read
