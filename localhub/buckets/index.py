"""Which hash which file has, as far as it is known. Everything in it can be found out again."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from localhub.buckets.folder import Entry

TABLES = """
CREATE TABLE IF NOT EXISTS known (path TEXT PRIMARY KEY, inode INTEGER, size INTEGER, mtime INTEGER, hash TEXT NOT NULL)
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_hash ON known (hash);
"""


class Index:
    """A hash counts as long as inode, size and time of the file are what they were."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.made = False

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        with closing(sqlite3.connect(self.file, timeout=30)) as connection:
            if not self.made:
                connection.executescript(TABLES)
                self.made = True
            with connection:
                yield connection

    def hashes(self, entries: Iterable[Entry]) -> dict[str, str]:
        """The hashes that are known, by path."""
        query = "SELECT hash FROM known WHERE path = ? AND inode = ? AND size = ? AND mtime = ?"
        with self.database() as database:
            found = {entry.path: database.execute(query, entry[:4]).fetchone() for entry in entries}
        return {path: row[0] for path, row in found.items() if row}

    def holders(self, hash: str) -> list[Entry]:
        """The files that had this hash when it was last known; their ctime is not kept."""
        with self.database() as database:
            rows = database.execute("SELECT path, inode, size, mtime FROM known WHERE hash = ?", [hash])
            return [Entry(path, inode, size, mtime, 0) for path, inode, size, mtime in rows]

    def learn(self, hashes: Iterable[tuple[Entry, str]]) -> None:
        rows = [(*entry[:4], hash) for entry, hash in hashes]
        with self.database() as database:
            database.executemany("INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?)", rows)
