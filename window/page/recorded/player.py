"""Recorded sessions played for the page: each once, with no network, by the command that plays them on a terminal.

In a process of its own, because a played session turns off the network and the clock of the whole process it is in.
What it writes belongs to nobody: every visitor may look at it, and nobody can go on with it or change it.
"""

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from core import journal
from core.errors import RecordUnusable
from core.nouns import Frozen
from core.record import RunFolder, Runs
from window.page.recorded.shelf import CASSETTES, Recording, recordings

ROOT = Path(__file__).parents[3]

BEGINNING = 60.0
"""Seconds until a played session has begun its run: imports, on a busy machine."""

LOOK = 0.05
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
"""Of the environment. A played session has no use for a token, so it is given none."""


class Showing(Frozen):
    """How a recording came out when it was played here."""

    run: str
    name: str
    same: bool | None = None
    """Whether it came to what it came to when it was recorded; None while it is played."""
    exchanges: int | None = None
    seconds: float | None = None


class Player:
    """Belongs to one event loop. `close` ends what is played."""

    def __init__(self, folder: Path = CASSETTES) -> None:
        self._folder = folder
        self._room = TemporaryDirectory(prefix="recorded-", ignore_cleanup_errors=True)
        self._turn = asyncio.Lock()
        self._begun: dict[str, RunFolder] = {}
        self._ends: dict[str, asyncio.Task[Showing]] = {}
        self._playing: asyncio.subprocess.Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._playing is not None and self._playing.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._playing.kill()
        self._room.cleanup()

    @property
    def shelf(self) -> tuple[Recording, ...]:
        return recordings(self._folder)

    async def show(self, name: str) -> Showing:
        """The recording's run, which is being played when it is asked for first. One at a time.

        Raises RecordUnusable for a name that is not on the shelf, and for a cassette that plays no run.
        """
        if name not in {recording.name for recording in self.shelf}:
            raise RecordUnusable(f"there is no recorded session '{name[:80]}'")
        if name not in self._begun:
            async with self._turn:
                if name not in self._begun:
                    await self._play(name)
        ended = self._ends[name]
        return ended.result() if ended.done() else Showing(run=self._begun[name].id, name=name)

    def folder(self, id: str) -> RunFolder | None:
        """The run with this id, if a recording was played as it."""
        return next((folder for folder in self._begun.values() if folder.id == id), None)

    async def _play(self, name: str) -> None:
        runs = Path(self._room.name) / name
        command = [sys.executable, str(ROOT / "app.py"), "replay", "--json", "--runs", str(runs)]
        process = self._playing = await asyncio.create_subprocess_exec(
            *(*command, str(self._folder / f"{name}.yaml")),
            cwd=self._room.name,
            env={key: os.environ[key] for key in KEPT if key in os.environ},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        told = asyncio.create_task(process.communicate())
        folder = await self._beginning(Runs(runs), told)
        self._begun[name] = folder
        self._ends[name] = asyncio.create_task(_ended(folder.id, name, told))

    async def _beginning(self, runs: Runs, told: "asyncio.Task[tuple[bytes, bytes]]") -> RunFolder:
        deadline = asyncio.get_running_loop().time() + BEGINNING
        while asyncio.get_running_loop().time() < deadline:
            over = told.done()
            for folder in runs.all():
                if journal.read(folder.path):
                    return folder
            if over:
                break
            await asyncio.sleep(LOOK)
        raise RecordUnusable("this recorded session could not be played; `python app.py replay` says why")


async def _ended(run: str, name: str, told: "asyncio.Task[tuple[bytes, bytes]]") -> Showing:
    said, _ = await told
    try:
        outcome = json.loads(said)
        return Showing(
            run=run, name=name, same=outcome["same"], exchanges=outcome["exchanges"], seconds=outcome["seconds"]
        )
    except (ValueError, KeyError, TypeError):
        return Showing(run=run, name=name, same=False)
