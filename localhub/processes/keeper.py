"""Commands in processes of their own: started, heard into a log, and ended with everything that came of them.

What is covered, on Linux: processes that fork twice, move to another session, ignore SIGTERM or clear their
environment end with their command, with `stop`, with the Hub and with the keeper, whichever of them is killed and how.
Where namespaces are not granted, one gap is left: see `guard`. On macOS only the command's group is reached.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from localhub.frozen import Frozen
from localhub.processes.connection import Connection, End

SCRIPT = Path(__file__).with_name("keeper_process.py")
PACKAGES = Path(__file__).parents[2]


class Mount(Frozen):
    source: Path
    target: str
    """An absolute path, which need not exist outside and is not made there."""
    read_only: bool = False


class Command(Frozen):
    words: list[str]
    folder: Path
    environment: Mapping[str, str]
    """All of it. Passed through a pipe, so that nothing of it is in the arguments of any process."""
    log: Path
    """Appended to: each line after its time and a tab."""
    memory: int | None = None
    """Bytes; see `limits.apply`."""
    mounts: list[Mount] = []
    root: Path | None = None
    """An empty folder, needed for mounts."""


class Keeper:
    """The process starts with the first command, in some 50 ms."""

    def __init__(self, namespaces: bool = True) -> None:
        self.namespaces = namespaces
        self.connection = Connection(
            [sys.executable, "-I", "-S", str(SCRIPT), str(PACKAGES), str(os.getpid())],
            {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ},
        )

    async def mounts(self) -> bool:
        """Whether `mounts` of a command can be had on this machine."""
        if not self.namespaces:
            return False
        await self.connection.open()
        if self.connection.ready is None:
            return False
        return bool((await asyncio.shield(self.connection.ready)).get("namespaces"))

    async def start(self, name: str, command: Command) -> tuple[str, asyncio.Future[End]]:
        """A key to stop it with, and its end. A command that does not exist ends with 128 and a reason."""
        namespaces = await self.mounts()
        order = {
            "command": command.words,
            "folder": str(command.folder),
            "environment": dict(command.environment),
            "log": str(command.log),
            "memory": command.memory,
            "namespaces": namespaces,
            "mounts": [{**mount.model_dump(mode="json")} for mount in command.mounts if namespaces],
            "root": str(command.root or ""),
        }
        return await self.connection.start(name, order)

    def stop(self, key: str) -> None:
        """SIGTERM for the command's group, and a second later the end of the whole tree."""
        self.connection.stop(key)

    def pid(self, key: str) -> int | None:
        """Of the process above the whole tree; None before its start and after its end."""
        return self.connection.pids.get(key)

    @property
    def running(self) -> int:
        return len(self.connection.ends)

    async def close(self) -> None:
        """End every tree and the process itself; returns when all are gone."""
        await self.connection.close()
