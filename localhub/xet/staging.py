"""Where uploads wait until a batch gives them a name: xorbs as they came, and which of them make which file.

Every file that a batch names is written out as a plain file, so what is here is needed no longer than that. It
stays all the same: hf_xet remembers what it has uploaded to an address and does not upload it again.
"""

import json
import mmap
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from localhub.xet import shard, xorb
from localhub.xet.shard import Term
from localhub.xet.xorb import Broken

TABLE = "CREATE TABLE IF NOT EXISTS uploads (hash TEXT PRIMARY KEY, terms TEXT NOT NULL) WITHOUT ROWID"


class Staging:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def draft(self) -> Path:
        """A new place for what is still coming."""
        self.folder.mkdir(exist_ok=True)
        return self.folder / f"draft-{secrets.token_hex(8)}"

    def place(self, name: str) -> Path:
        return self.folder / f"xorb-{name}"

    def keep_xorb(self, name: str, draft: Path) -> bool:
        """Take a complete upload in, if every chunk's header is sound; whether it is new."""
        with opened(draft) as data:
            xorb.chunks(data)
        new = not self.place(name).exists()
        draft.replace(self.place(name))
        return new

    def keep_shard(self, data: bytes) -> int:
        """Note how the files of a shard are made, if all they are made of is here; how many there are."""
        known: dict[str, list[xorb.Chunk]] = {}
        files = shard.files(data)
        for terms in files.values():
            for term in terms:
                self.check(term, known)
        self.folder.mkdir(exist_ok=True)
        rows = [(name, json.dumps(terms)) for name, terms in files.items()]
        with self.database() as database:
            # Whoever comes first is right: a second upload could say other things of the same hash.
            database.executemany("INSERT OR IGNORE INTO uploads VALUES (?, ?)", rows)
        return len(rows)

    def check(self, term: Term, known: dict[str, list[xorb.Chunk]]) -> None:
        if term.xorb not in known:
            if not self.place(term.xorb).exists():
                raise Broken(f"the shard names the xorb {term.xorb}, which was not uploaded")
            with opened(self.place(term.xorb)) as data:
                known[term.xorb] = xorb.chunks(data)
        named = known[term.xorb][term.first : term.end]
        if not named or len(named) != term.end - term.first or sum(chunk.size for chunk in named) != term.size:
            raise Broken(f"the shard names chunks that the xorb {term.xorb} does not have")

    def terms(self, names: list[str]) -> dict[str, list[Term]]:
        """How those of the files that were uploaded are made."""
        if not self.folder.exists():
            return {}
        with self.database() as database:
            rows = [database.execute("SELECT hash, terms FROM uploads WHERE hash = ?", [name]) for name in names]
            return {hash: [Term(*term) for term in json.loads(terms)] for row in rows for hash, terms in row}

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        with closing(sqlite3.connect(self.folder / "uploads.sqlite", timeout=30)) as connection, connection:
            connection.execute(TABLE)
            yield connection

    def idle(self, seconds: float) -> bool:
        """Whether something is here, and nothing came within the last `seconds`."""
        times = [path.stat().st_mtime for path in self.folder.glob("*")] if self.folder.exists() else []
        return bool(times) and max(times) < time.time() - seconds

    def empty(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Unpacking:
    """Writes uploaded files out, several at once if need be; keeps the headers of the xorb it has read last."""

    def __init__(self, staging: Staging, files: Mapping[str, list[Term]]) -> None:
        self.staging = staging
        self.files = files
        self.known: tuple[str, list[xorb.Chunk]] = "", []

    def write(self, file: str, target: BinaryIO) -> None:
        for term in self.files[file]:
            try:
                with opened(self.staging.place(term.xorb)) as data:
                    name, known = self.known
                    if name != term.xorb:
                        known = xorb.chunks(data)
                        self.known = term.xorb, known
                    for chunk in known[term.first : term.end]:
                        target.write(xorb.unpack(data, chunk))
            except FileNotFoundError as error:
                raise Broken(f"the xorb {term.xorb} is no longer here") from error


@contextmanager
def opened(path: Path) -> Iterator[mmap.mmap]:
    with path.open("rb") as file:
        try:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise Broken("there is nothing in it") from error
        with data:
            yield data
