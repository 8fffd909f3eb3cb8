"""Python environments for Spaces that need other packages than the Hub has: built once by uv, kept, and shared.

Each has a folder of its own below `environments`, and a link that is named by the hash of what was asked for. The link
is made last, so what it leads to is whole, whatever ended the Hub meanwhile; a folder without a link is rubbish.
"""

import asyncio
import hashlib
import json
import os
import secrets
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from localhub import package_index
from localhub.frozen import Frozen

NETWORK_FAILED = ("error sending request", "Request failed after", "dns error", "client error (Connect)", "timed out")
"""How uv says that an index could not be reached, and not that it lacks something."""

LONGEST_LINE = 1_000_000

Say = Callable[[str], None]


class InstallFailed(Exception):
    """uv could not install what was asked for; the end of what it said."""


class Unreachable(InstallFailed):
    """The same, because no index could be reached and uv's cache lacks something."""


class Recipe(Frozen):
    """All that decides what is in an environment."""

    python: str
    """The interpreter it is made of."""

    packages: tuple[str, ...]
    """What every Space has, with versions."""

    requirements: dict[str, str]
    """The Space's own files of requirements, by name, without their comments."""

    commit: str = ""
    """Named when a line leads to a file of the Space itself."""

    @property
    def key(self) -> str:
        facts = self.model_dump() | {"platform": sys.platform}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


class Build:
    """One environment that is being built, and who listens. What was said before is said to who comes later."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.listeners: list[Say] = []
        self.task: asyncio.Task[None] | None = None

    def say(self, line: str) -> None:
        self.said.append(line)
        for listener in self.listeners:
            listener(line)

    def join(self, listener: Say) -> None:
        for line in self.said:
            listener(line)
        self.listeners.append(listener)

    def leave(self, listener: Say) -> bool:
        """Whether nobody is left."""
        self.listeners.remove(listener)
        return not self.listeners


class Environments:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.building: dict[str, Build] = {}
        self.turn = asyncio.Semaphore(1)
        """One at a time: uv downloads and unpacks with all cores as it is."""

        self.swept = False

    def interpreter(self, recipe: Recipe) -> Path | None:
        """By its own name, which it keeps when the link is thrown away while a Space runs from it."""
        python = (self.folder / recipe.key).resolve() / "bin/python"
        return python if python.exists() else None

    async def ready(self, recipe: Recipe, folder: Path, say: Say) -> Path:
        """The interpreter of the environment, built first if need be, with `folder` as the place of its files.

        `say` hears what uv says. Raises InstallFailed or Unreachable.
        """
        if python := self.interpreter(recipe):
            say(f"Environment {recipe.key[:8]} has been built before")
            return python
        build = self.building.get(recipe.key)
        if build is None:
            build = self.building[recipe.key] = Build()
            build.task = asyncio.create_task(self.make(recipe, folder, build))
        build.join(say)
        try:
            if build.task:
                await asyncio.shield(build.task)
        finally:
            if build.leave(say) and build.task and not build.task.done():
                self.building.pop(recipe.key, None)  # first, so that nobody joins what is about to end
                build.task.cancel()
        if python := self.interpreter(recipe):
            return python
        raise InstallFailed("the environment was thrown away while it was built")

    async def make(self, recipe: Recipe, folder: Path, build: Build) -> None:
        place = self.folder / f"{recipe.key}-{secrets.token_hex(4)}"
        try:
            async with self.turn:
                await asyncio.to_thread(self.sweep)
                await self.install(recipe, folder, place, build.say)
                await asyncio.to_thread(publish, place, self.folder / recipe.key)
        except BaseException:
            await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
            raise
        finally:
            if self.building.get(recipe.key) is build:
                del self.building[recipe.key]

    def sweep(self) -> None:
        """Remove what no link leads to: left by a Hub that was killed, or thrown away. Once, before anything runs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.swept:
            return
        self.swept = True
        linked = {link.resolve() for link in self.folder.iterdir() if link.is_symlink()}
        for place in self.folder.iterdir():
            if not place.is_symlink() and place.resolve() not in linked:
                shutil.rmtree(place, ignore_errors=True)

    async def install(self, recipe: Recipe, folder: Path, place: Path, say: Say) -> None:
        code, said = await uv(["venv", "--quiet", "--python", recipe.python, str(place)], folder, say)
        if code:
            raise InstallFailed(last_of(said))
        if not recipe.commit:
            # A copy, because the Space that asked first may be gone before uv has read its files.
            folder = place
            for name, text in recipe.requirements.items():
                (place / name).write_text(text)
        files = [part for name in recipe.requirements for part in ("-r", name)]
        command = ["pip", "install", "--python", str(place / "bin/python"), *recipe.packages, *files]
        say(f"--> RUN uv pip install {' '.join([*recipe.packages, *files])}")
        code, said = await uv(command, folder, say)
        if code and any(sign in line for line in said for sign in NETWORK_FAILED):
            say("No package index can be reached from here. Trying what uv has in its cache.")
            code, said = await uv([*command, "--offline"], folder, say)
            if code:
                raise Unreachable(last_of(said))
        if code:
            raise InstallFailed(last_of(said))

    def throw_away(self, recipe: Recipe) -> None:
        """The next build starts from nothing. What runs from the old one keeps it until the Hub ends."""
        self.sweep()
        (self.folder / recipe.key).unlink(missing_ok=True)


def publish(place: Path, link: Path) -> None:
    draft = link.with_name(f".{link.name}")
    draft.unlink(missing_ok=True)
    draft.symlink_to(place.name)
    os.replace(draft, link)


async def uv(arguments: list[str], folder: Path, say: Say) -> tuple[int, list[str]]:
    """The exit code and every line; each is said as soon as it is there. Cancelled, it ends uv with all it started."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", str(Path(__file__).with_name("build_process.py")), binary()),
        *arguments,
        limit=LONGEST_LINE,
        cwd=folder,
        env=package_index.environment(os.environ),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    said = []
    try:
        while process.stdout and (line := await process.stdout.readline()):
            said.append(line.decode(errors="replace").rstrip())
            say(said[-1])
        return await process.wait(), said
    finally:
        if process.returncode is None and process.stdin:
            process.stdin.close()
            await process.wait()


def binary() -> str:
    """Of the uv that is installed beside this interpreter, or the one on the PATH."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else "uv"


def last_of(said: list[str], lines: int = 20) -> str:
    return "\n".join(said[-lines:])
