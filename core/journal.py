"""Where a run is written down: `events.jsonl`, append-only, one JSON a line, hash-chained.

Safe for one writing process at a time, which a lock sees to, and for any number of readers. Does not survive two
machines that share a disk without working file locks.
"""

import asyncio
import errno
import fcntl
import hashlib
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from core.errors import RecordUnusable, RunBusy, disk_full
from core.events import EVENT, Event, RunRepaired
from core.redact import redact

VERSION = 1
EVENTS = "events.jsonl"
LOCK_PATIENCE = 0.2
"""Seconds. Who asks for the owner of a run holds its lock for a moment."""

_HASH = 32
_TAIL = len(',"hash":""}\n') + _HASH

Write = Callable[[int, bytes], int]


class Entry(NamedTuple):
    """One event with its place in the journal."""

    seq: int
    time: float
    """Wall clock, seconds since 1970. Never decides the order: `seq` does."""
    session: int
    """Counts the processes that wrote this journal, from 1: the fencing number."""
    event: Event
    hash: str


class Journal:
    """The writing end. Held by one process until `close`."""

    def __init__(self, folder: Path, write: Write = os.write) -> None:
        """Opens or begins the journal in the folder and mends a torn or damaged end.

        Raises RunBusy when another process holds it, RecordUnusable when a newer version wrote it.
        """
        self.folder = folder
        self._write = write
        self._lock = _lock(folder)
        self._flush: asyncio.Future[None] | None = None
        try:
            self._file = os.open(folder / EVENTS, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            self.entries = tuple(self._recover())
        except BaseException:
            os.close(self._lock)
            raise
        self._seq = len(self.entries)
        self._hash = self.entries[-1].hash if self.entries else ""
        self.session = (self.entries[-1].session if self.entries else 0) + 1
        if self._damage:
            self.entries += (self.append(self._damage),)

    def append(self, event: Event) -> Entry:
        """Write the event with one system call. A reader sees it at once; `durable` makes it survive a power cut.

        Raises DiskFull, with the journal as it was before.
        """
        now = time.time()
        spoken = event.model_dump_json(by_alias=True, warnings="none")
        body = redact(spoken)
        head = f'{{"v":{VERSION},"seq":{self._seq},"time":{now:.6f},"session":{self.session},"event":{body}'
        chained = chain(self._hash, head)
        self._put(f'{head},"hash":"{chained}"}}\n'.encode())
        # Every reading sees what is written, in this process too.
        said = event if body == spoken else EVENT.validate_json(body)
        entry = Entry(self._seq, now, self.session, said, chained)
        self._seq, self._hash = self._seq + 1, chained
        return entry

    async def durable(self) -> None:
        """Returns when everything appended so far is on the disk.

        All who wait in one turn of the loop share a sync.
        """
        if self._flush is None:
            self._flush = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_soon(self._sync)
        await asyncio.shield(self._flush)

    @property
    def head(self) -> str:
        """Hash of the newest event."""
        return self._hash

    def close(self) -> None:
        """Let go of the run. Everything is on the disk when this returns."""
        try:
            os.fdatasync(self._file)
        except OSError:
            # A full disk was already reported by the write that met it.
            pass
        os.close(self._file)
        os.close(self._lock)

    def _sync(self) -> None:
        flush, self._flush = self._flush, None
        if flush is None:
            return
        try:
            os.fdatasync(self._file)
        except OSError as error:
            flush.set_exception(self._failure(error))
        else:
            flush.set_result(None)

    def _put(self, line: bytes) -> None:
        end = os.lseek(self._file, 0, os.SEEK_END)
        try:
            written = self._write(self._file, line)
            if written != len(line):
                raise OSError(errno.ENOSPC, "short write")
        except OSError as error:
            os.ftruncate(self._file, end)
            raise self._failure(error) from error

    def _failure(self, error: OSError) -> Exception:
        return disk_full(error, f"the record of run {self.folder.name}") or error

    def _recover(self) -> Iterator[Entry]:
        """Keep the longest prefix that holds together; move what follows to `quarantine/`."""
        self._damage: RunRepaired | None = None
        data = (self.folder / EVENTS).read_bytes()
        good = 0
        for entry, end in _entries(data):
            good = end
            yield entry
        rest = data[good:]
        if not rest:
            return
        torn = b"\n" not in rest
        quarantine = self.folder / "quarantine"
        quarantine.mkdir(exist_ok=True)
        number = len(list(quarantine.iterdir()))
        (quarantine / f"events-{number}").write_bytes(rest)
        os.ftruncate(self._file, good)
        os.fdatasync(self._file)
        reason = "the last line was torn" if torn else "the record was damaged; what it said after that is set aside"
        self._damage = RunRepaired(lines=rest.count(b"\n") + torn, bytes=len(rest), reason=reason)


def chain(before: str, text: str) -> str:
    """The hash that ties a line to the one before it."""
    return hashlib.sha256((before + text).encode()).hexdigest()[:_HASH]


def read(folder: Path) -> list[Entry]:
    """Every entry of a run's journal that holds together, without taking the run.

    Raises RecordUnusable when there is no journal or a newer version wrote it.
    """
    try:
        data = (folder / EVENTS).read_bytes()
    except FileNotFoundError as error:
        raise RecordUnusable(f"there is no run in {folder.name}") from error
    return [entry for entry, _ in _entries(data)]


class Tail:
    """Reads a journal while somebody else writes it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / EVENTS
        self._offset = 0
        self._before = ("", -1)

    def news(self) -> list[Entry]:
        """What was written since the last look; whole lines only."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(self._offset)
                data = stream.read()
        except FileNotFoundError:
            return []
        entries = []
        start = self._offset
        for entry, end in _entries(data, *self._before):
            entries.append(entry)
            self._offset = start + end
            self._before = (entry.hash, entry.seq)
        return entries


def owner(folder: Path) -> str | None:
    """Who works on the run right now ("pid 12 on host"), or None."""
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        if _locked(descriptor):
            return None
        return os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip() or "another process"
    finally:
        os.close(descriptor)


def _entries(data: bytes, before: str = "", last: int = -1) -> Iterator[tuple[Entry, int]]:
    """Entries with the offset behind each, up to the first line that does not hold together."""
    start = 0
    while (end := data.find(b"\n", start) + 1) > 0:
        entry = _parse(data[start:end], before, last + 1)
        if entry is None:
            return
        yield entry, end
        start, before, last = end, entry.hash, entry.seq


def _parse(line: bytes, before: str, seq: int) -> Entry | None:
    """The entry in a line, or None when the line does not belong at this place."""
    try:
        head = line[:-_TAIL].decode()
        row = json.loads(line)
        if row["v"] > VERSION:
            raise RecordUnusable(
                f"this record was written by a newer version (format {row['v']}, this one reads {VERSION}); "
                "update Spacewright to open it"
            )
        if row["seq"] != seq or row["hash"] != chain(before, head):
            return None
        event = EVENT.validate_python(row["event"])
        return Entry(row["seq"], row["time"], row["session"], event, row["hash"])
    except (ValueError, KeyError, TypeError):
        return None


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    patience = time.monotonic() + LOCK_PATIENCE
    while not _locked(descriptor):
        if time.monotonic() > patience:
            holder = os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip() or "another process"
            os.close(descriptor)
            raise RunBusy(f"run {folder.name} is being worked on by {holder}; wait for it, or cancel it first")
        time.sleep(0.01)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"pid {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
    return descriptor
