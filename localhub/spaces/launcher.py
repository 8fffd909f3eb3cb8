"""The hub's end of the launcher process: start a Space, hear when it has ended, stop it."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

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
    """One launcher process, started at once and again when it is needed after it died."""

    def __init__(self, home: Path, endpoint: str, fork: bool) -> None:
        self.home = home
        self.endpoint = endpoint
        self.fork = fork
        self.lifeline = os.pipe()
        self.process: asyncio.subprocess.Process | None = None
        self.commands: asyncio.StreamWriter | None = None
        self.listener: asyncio.Task[None] | None = None
        self.ready = False
        """Whether it has imported what it keeps warm, and reads its commands."""
        self.ends: dict[str, asyncio.Future[int | None]] = {}
        self.started = 0

    async def open(self) -> None:
        (self.home / "tmp").mkdir(parents=True, exist_ok=True)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(SCRIPT), "launch", str(self.home)),
            *(str(self.lifeline[0]), str(os.getpid()), "fork" if self.fork else "spawn"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=[self.lifeline[0]],
            env=environment(self.home, self.endpoint),
        )
        if process.stdin is None or process.stdout is None:
            raise OSError("the launcher was started without its pipes")
        self.process, self.commands, self.ready = process, process.stdin, False
        self.listener = asyncio.create_task(self.listen(process.stdout))

    async def listen(self, answers: asyncio.StreamReader) -> None:
        while line := await answers.readline():
            message = json.loads(line)
            self.ready = self.ready or "ready" in message
            if "ended" in message:
                self.ends.pop(message["ended"]).set_result(message["code"])
        for end in self.ends.values():
            end.set_result(None)
        self.ends.clear()
        self.commands = None

    async def start(
        self, app_file: str, folder: Path, home: Path, log: Path, variables: Mapping[str, str]
    ) -> tuple[str, asyncio.Future[int | None]]:
        """A key to stop the Space with, and its end: the exit code, or None when the launcher itself has died."""
        if self.commands is None:
            await self.open()
        self.started += 1
        key = f"{home.name}-{self.started}"
        self.ends[key] = asyncio.get_running_loop().create_future()
        space = {"key": key, "app_file": app_file, "folder": str(folder), "home": str(home), "log": str(log)}
        self.tell({"start": {**space, "environment": environment(home, self.endpoint) | dict(variables)}})
        return key, self.ends[key]

    def stop(self, key: str) -> None:
        if key in self.ends:
            self.tell({"stop": key})

    def tell(self, command: object) -> None:
        if self.commands:
            self.commands.write(json.dumps(command).encode() + b"\n")

    async def close(self) -> None:
        """End every Space and the launcher; returns when the launcher is gone."""
        os.close(self.lifeline[1])
        if self.process and self.commands:
            self.commands.close()
            if not self.ready:
                self.process.kill()  # it has no Spaces yet, and would notice only after its imports
            await self.process.wait()
        if self.listener:
            await self.listener
        os.close(self.lifeline[0])
