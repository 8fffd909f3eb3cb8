"""The hub's end of the launcher process: start a Space, hear when it has ended, stop it."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from localhub.processes.connection import Connection

SCRIPT = Path(__file__).with_name("launch_process.py")

# macOS has fork, but its system libraries do not survive one without an exec.
FORKS = hasattr(os, "fork") and sys.platform != "darwin"

INHERITED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")


def environment(home: Path, endpoint: str) -> dict[str, str]:
    """What every process below the hub starts with: no token of the user's, and every place below `home`.

    The launcher gets the same with its own home, so that what gradio derives from it can be found and moved.
    """
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | {
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "MPLCONFIGDIR": str(home / "cache/matplotlib"),
        "HF_HOME": str(home / "huggingface"),
        "HF_ENDPOINT": endpoint,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "GRADIO_TEMP_DIR": str(home / "tmp/gradio"),
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_NUM_PORTS": "1",
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONUNBUFFERED": "1",
        # A library that starts threads while it is imported would make the fork unsafe.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


class Launcher:
    """One launcher process, started at once and again when it is needed after it died.

    `start`, `stop` and `close` are all that a Space needs. For a Space that is to run in an environment of its own,
    in a fresh interpreter and without gradio kept warm, use `processes.keeper.Keeper` instead: same key, same end.
    """

    def __init__(self, home: Path, endpoint: str, fork: bool) -> None:
        self.home = home
        self.endpoint = endpoint
        self.lifeline = os.pipe()
        self.connection = Connection(
            [
                *(sys.executable, "-P", str(SCRIPT), "launch", str(home)),
                *(str(self.lifeline[0]), str(os.getpid()), "fork" if fork else "spawn"),
            ],
            environment(home, endpoint),
            pass_fds=[self.lifeline[0]],
        )

    async def open(self) -> None:
        """Let it warm up before the first Space is started."""
        (self.home / "tmp").mkdir(parents=True, exist_ok=True)
        await self.connection.open()

    async def start(
        self, app_file: str, folder: Path, home: Path, log: Path, variables: Mapping[str, str]
    ) -> tuple[str, asyncio.Future[int | None]]:
        """A key to stop the Space with, and its end: the exit code, or None when the launcher itself has died."""
        order = {"app_file": app_file, "folder": str(folder), "home": str(home), "log": str(log)}
        given = environment(home, self.endpoint) | dict(variables)
        key, end = await self.connection.start(home.name, {**order, "environment": given})
        code: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        end.add_done_callback(lambda ended: None if code.done() else code.set_result(ended.result().code))
        return key, code

    def stop(self, key: str) -> None:
        """Ask the app to end, and make it a second later."""
        self.connection.stop(key)

    async def close(self) -> None:
        """End every Space and the launcher; returns when the launcher is gone."""
        os.close(self.lifeline[1])
        await self.connection.close()
        os.close(self.lifeline[0])
