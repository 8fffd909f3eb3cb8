"""One process that runs the app of one commit, from its start to its end."""

import asyncio
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class Keeper(Protocol):
    """Who has started a process and can end it."""

    def stop(self, key: str) -> None: ...


@dataclass
class AppProcess:
    sha: str
    folder: Path
    hardware: str
    """The flavor it was started on."""

    port: int
    keeper: Keeper
    key: str
    """The keeper's name for it."""

    end_of_it: asyncio.Future[Any]
    """Any: a code, or a value with one; see `code`."""

    wanted: bool = True
    """False once it has been told to end; its end is no failure then."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def code(self) -> int | None:
        """Its exit code when it has ended; None when its keeper has died, with all that it kept."""
        end = await asyncio.shield(self.end_of_it)
        code: int | None = getattr(end, "code", end)
        return code

    def complaint(self) -> str:
        """Why it could not even be started."""
        return getattr(self.end_of_it.result(), "failure", "") if self.end_of_it.done() else ""

    async def listening(self, patience: float) -> bool:
        """Whether it listens, as soon as it does; False when it ends before or takes longer than `patience` seconds."""
        deadline = asyncio.get_running_loop().time() + patience
        while not self.end_of_it.done() and asyncio.get_running_loop().time() < deadline:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.wait([self.end_of_it], timeout=0.02)
                continue
            writer.close()
            await writer.wait_closed()
            return True
        return False

    async def end(self) -> None:
        """Returns when it is gone."""
        self.wanted = False
        self.keeper.stop(self.key)
        await asyncio.wait([self.end_of_it])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def exit_code(code: int | None) -> int:
    """As a shell tells it: 128 and the signal for a process that was killed, as the launcher's are when it dies."""
    if code is None:
        return 128 + signal.SIGKILL
    return code if code >= 0 else 128 - code
