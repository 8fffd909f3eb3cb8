"""What is in one bucket: its plain files, their hashes, and the uploads that wait for a name."""

import asyncio
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from localhub.buckets.folder import Entry, Folder, Improper, entry
from localhub.buckets.index import Index
from localhub.xet import hashing
from localhub.xet.hashing import EMPTY
from localhub.xet.staging import Staging, Unpacking
from localhub.xet.xorb import Broken


@dataclass(frozen=True)
class Held:
    """A file that is open for reading, and has the hash that was asked for as long as it is unchanged."""

    file: int
    known: Entry

    @property
    def size(self) -> int:
        return self.known.size

    def unchanged(self) -> bool:
        return entry(self.known.path, os.fstat(self.file)).same(self.known)


class Contents:
    def __init__(self, place: Path) -> None:
        self.folder = Folder(place / "files")
        self.index = Index(place / "index.sqlite")
        self.staging = Staging(place / "staging")
        self.drafts = place / "drafts"
        self.writing = threading.Lock()
        self.hashing = asyncio.Lock()

    def forget_drafts(self) -> None:
        shutil.rmtree(self.drafts, ignore_errors=True)
        for draft in self.staging.folder.glob("draft-*"):
            draft.unlink()

    async def hashed(self, entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
        """Each file with its hash. A file is hashed once, when it is first asked for; what has gone is left out."""
        known = await asyncio.to_thread(self.index.hashes, entries)
        if any(item.size and item.path not in known for item in entries):
            async with self.hashing:
                known = await asyncio.to_thread(self.index.hashes, entries)
                unknown = [item for item in entries if item.size and item.path not in known]
                told = await hashing.tell([self.folder.root / item.path for item in unknown]) if unknown else []
                found = await asyncio.to_thread(self.learn, list(zip(unknown, told, strict=True)))
        else:
            found = {}
        answers = []
        for item in entries:
            if item.path in found:
                answers.append(found[item.path])
            elif not item.size or item.path in known:
                answers.append((item, known.get(item.path, EMPTY)))
        return answers

    def learn(self, told: Sequence[tuple[Entry, hashing.Told | None]]) -> dict[str, tuple[Entry, str]]:
        """Note the hashes of the files that did not change meanwhile; all that are still there, by path.

        Of a file that is being written to, the size that goes with the hash is told.
        """
        found, sure = {}, []
        for before, answer in told:
            now = self.folder.look(before.path)
            if answer is None or now is None:
                continue
            if now.same(before):
                sure.append((before, answer.hash))
            found[before.path] = now._replace(size=answer.size), answer.hash
        self.index.learn(sure)
        return found

    def holder(self, hash: str) -> Held | None:
        """One of the files that have this hash now. Whoever gets it closes it."""
        for known in self.index.holders(hash):
            file = self.folder.open(known.path)
            if file is None:
                continue
            held = Held(file, known)
            if held.unchanged():
                return held
            os.close(file)
        return None

    def draft(self, hash: str, mtime: int, uploads: Unpacking) -> Path:
        """A file that was uploaded, or that is here already under another path, written out but not named yet."""

        def fill(target: BinaryIO) -> None:
            if hash in uploads.files:
                uploads.write(hash, target)
            elif hash != EMPTY:
                self.copy_to(target, hash)

        return self.write(mtime, fill)

    def copy_to(self, target: BinaryIO, hash: str) -> None:
        held = self.holder(hash)
        if held is None:
            raise Improper(f"there is no file with the Xet hash {hash}: upload it first")
        with open(held.file, "rb") as source:
            shutil.copyfileobj(source, target, 1 << 20)
            if not held.unchanged():
                raise Improper(f"{held.known.path!r} was changed while it was copied")

    def write(self, mtime: int, fill: Callable[[BinaryIO], None]) -> Path:
        """A draft, which is on the disk when this returns. `mtime` is in nanoseconds."""
        self.drafts.mkdir(exist_ok=True)
        draft = self.drafts / secrets.token_hex(8)
        try:
            with draft.open("xb") as file:
                fill(file)
                file.flush()
                os.utime(file.fileno(), ns=(mtime, mtime))
                os.fsync(file.fileno())
        except (Broken, OSError, Improper) as error:
            draft.unlink(missing_ok=True)
            raise error if isinstance(error, Improper) else Improper(str(error)) from error
        return draft

    def put(self, path: str, draft: Path) -> Entry:
        """Give a draft its name, in one step."""
        try:
            return self.folder.put(path, draft)
        finally:
            draft.unlink(missing_ok=True)
